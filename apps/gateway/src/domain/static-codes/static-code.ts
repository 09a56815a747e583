import type { Mode } from '@ucanpay/wire/api-key'
import { STATIC_CODE_TOKEN_PATTERN } from '@ucanpay/wire/static-code-order'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'

/** A static QR code: what a merchant prints once, and buyers pay by again and again. */
export interface StaticCode {
  readonly codeId: string
  /** Public: whoever sees the print has it. It lets them place an order, which only they can pay, and no more. */
  readonly token: string
  readonly name: string
  readonly subject: string
  readonly currency: string
  /** Minor units. */
  readonly minAmt: number
  /** Minor units; the same as `minAmt` where the amount is fixed. */
  readonly maxAmt: number
  readonly notifyUrl: string
  readonly enabled: boolean
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}

/** The select list of a `StaticCode`. */
const STATIC_CODE_COLUMNS = `c.code_id as "codeId", c.token, c.name, c.subject, c.currency, c.min_amt as "minAmt",
  c.max_amt as "maxAmt", c.notify_url as "notifyUrl", c.enabled, c.created_at as "createdAt", c.last_used_at as "lastUsedAt"`

/** Lists the caller's codes of the mode, newest first. @param page.startingAfter a code's id; the page begins after it */
export async function listStaticCodes(
  tx: Tx,
  caller: Caller,
  page: { limit: number; startingAfter?: string | undefined },
): Promise<{ items: StaticCode[]; hasMore: boolean }> {
  // An id begins with its time, so their order is that of their making, and one that is no code is only a place in it.
  const rows = await tx.query<StaticCode>(
    `select ${STATIC_CODE_COLUMNS} from static_codes c
     where c.merchant_id = $1 and c.mode = $2 and ($3::text is null or c.code_id < $3) order by c.code_id desc limit $4`,
    [caller.merchantId, caller.mode, page.startingAfter ?? null, page.limit + 1],
  )
  return { items: rows.slice(0, page.limit), hasMore: rows.length > page.limit }
}

/** Reads a code of the caller's. @throws ApiError NOT_FOUND, for a stranger's, or the other mode's, as for none */
export async function findStaticCode(tx: Tx, caller: Caller, codeId: string): Promise<StaticCode> {
  const [code] = await tx.query<StaticCode>(
    `select ${STATIC_CODE_COLUMNS} from static_codes c where c.merchant_id = $1 and c.mode = $2 and c.code_id = $3`,
    [caller.merchantId, caller.mode, codeId],
  )
  if (!code) throw new ApiError('NOT_FOUND', 'no such static code of this merchant in this mode')
  return code
}

/** A code that somebody holds, and whose it is. */
export interface HeldStaticCode extends StaticCode {
  readonly merchantId: string
  readonly mode: Mode
  readonly merchantName: string
}

const TOKEN = new RegExp(STATIC_CODE_TOKEN_PATTERN)

/** The code that a token opens, whoever's it is; undefined for a token of none, and of a merchant who is shut out. */
export async function staticCodeOf(tx: Tx, token: string): Promise<HeldStaticCode | undefined> {
  if (!TOKEN.test(token)) return undefined
  const [code] = await tx.query<HeldStaticCode>(
    `select ${STATIC_CODE_COLUMNS}, c.merchant_id as "merchantId", c.mode, m.name as "merchantName"
     from static_codes c join merchants m on m.merchant_id = c.merchant_id
     where c.token = $1 and m.status = 'active'`,
    [token],
  )
  return code
}
