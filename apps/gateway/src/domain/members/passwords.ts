import { hash, verify } from '@node-rs/argon2'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import type { Tx } from '../../database/tx.ts'
import { ApiError } from '../api-error.ts'
import type { Caller } from '../caller.ts'

/** argon2id with 19 MiB and two passes, as OWASP's password storage guide has it: some 15 ms of one core. */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Nobody's password, hashed at the same cost: an address that is nobody's takes as long to refuse. */
const NOBODYS = hash('nobody has this password, and nobody will', COST)

/** Finds passwords that are common, have leaked, or are made of them, of the keyboard, of dates and repeats. */
const judge = new ZxcvbnFactory({ dictionary: { ...dictionary }, graphs: adjacencyGraphs })
/** Of 4: 3 is more than 10^8 guesses, which a hash of this cost makes dear. */
const GOOD_ENOUGH = 3
/** Characters that have to be left of a password without what everybody knows of the member. */
const SHORTEST_OWN = 8
/** How many earlier ones may not come again (PCI DSS 8.3.7). */
const EARLIER = 4

/** @returns a PHC string */
function hashPassword(password: string): Promise<string> {
  return hash(password, COST)
}

/** Takes the same time where there is no hash to compare with. */
export async function isPassword(password: string, hashed: string | null): Promise<boolean> {
  const good = await verify(hashed ?? (await NOBODYS), password)
  return good && hashed !== null
}

/**
 * Refuses a password that is easily guessed: common and leaked ones, what is made of them, and what is about the member.
 *
 * @param password of 12 characters or more, as the schema has it
 * @param about the member's address and name, the merchant's name
 * @throws ApiError PARAM_ERROR, rule `commonPassword`
 * @see PCI DSS 8.3.6; NIST SP 800-63B-4
 */
export function refuseGuessable(password: string, about: readonly string[]): void {
  const words = about.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length > 2)
  const own = words.reduce((left, word) => left.replaceAll(word, ''), password.toLowerCase())
  const { score } = judge.check(password, [...words, 'ucanpay'])
  if (score >= GOOD_ENOUGH && own.length >= SHORTEST_OWN) return
  throw new ApiError('PARAM_ERROR', 'the password is easily guessed', {
    failures: [{ pointer: '/newPassword', rule: 'commonPassword' }],
  })
}

/**
 * Writes a member's new password; the one before joins the ones that may not come again.
 *
 * @throws ApiError PARAM_ERROR, rule `earlierPassword`, where it is one of the last four
 */
export async function replacePassword(
  tx: Tx,
  caller: Caller,
  { memberId, password }: { memberId: string; password: string },
): Promise<void> {
  const ids = [caller.merchantId, memberId]
  const [member] = await tx.query<{ hash: string | null }>(
    `select password_hash as hash from members where merchant_id = $1 and member_id = $2 for update`,
    ids,
  )
  const earlier = await tx.query<{ hash: string }>(
    `select password_hash as hash from member_passwords where merchant_id = $1 and member_id = $2
     order by replaced_at desc limit ${EARLIER - 1}`,
    ids,
  )
  const hashes = [...(member?.hash ? [member.hash] : []), ...earlier.map((row) => row.hash)]
  for (const one of hashes) {
    if (await isPassword(password, one))
      throw new ApiError('PARAM_ERROR', 'the password is one of the last four', {
        failures: [{ pointer: '/newPassword', rule: 'earlierPassword' }],
      })
  }
  const hashed = await hashPassword(password)
  await tx.query(
    `insert into member_passwords (merchant_id, member_id, password_hash, replaced_at)
     select merchant_id, member_id, password_hash, $3 from members
     where merchant_id = $1 and member_id = $2 and password_hash is not null
     on conflict do nothing`,
    [...ids, caller.now],
  )
  await tx.query(
    `update members set password_hash = $3, password_changed_at = $4, status = case status when 'invited' then 'active' else status end
     where merchant_id = $1 and member_id = $2`,
    [...ids, hashed, caller.now],
  )
}
