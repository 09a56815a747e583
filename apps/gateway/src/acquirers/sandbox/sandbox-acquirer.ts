import type { Database, Tx } from '../../database/tx.ts'
import {
  AcquirerUnknownError,
  type Acquirer,
  type AuthoriseRequest,
  type FollowUpRequest,
  type Outcome,
  type Refusal,
} from '../acquirer.ts'
import { behaviourOf } from './test-cards.ts'

/** What the sandbox runs on. */
export interface SandboxDeps {
  /** Its own connections: it commits apart from the gateway, as another company would. */
  readonly db: Database
  readonly clock: { now(): Date }
  /** Waits; tests pass one that does not. */
  readonly sleep: (ms: number) => Promise<void>
}

/** A challenge that waits for its answer. */
export interface SandboxChallenge {
  readonly amount: number
  readonly currency: string
  readonly returnUrl: string
}

/** The sandbox and its bank page's two questions. */
export interface SandboxAcquirer extends Acquirer {
  /** The open challenge of an authorisation; undefined where there is none. */
  findChallenge(operationId: string): Promise<SandboxChallenge | undefined>
  /** Answers a challenge once. Returns where the buyer goes back to; undefined where none was open. */
  answerChallenge(operationId: string, passed: boolean): Promise<string | undefined>
}

interface OperationRow {
  readonly operationId: string
  readonly status: 'challenge' | 'succeeded' | 'refused'
  readonly reason: Refusal | null
  readonly amount: number
  readonly captured: boolean
  readonly refundsFail: boolean
}

interface NewOperation {
  readonly operation: 'authorise' | 'capture' | 'void' | 'refund'
  readonly operationId: string
  readonly authorisationId: string
  readonly amount: number
  readonly currency?: string
  readonly captured?: boolean
  readonly outcome: { readonly status: OperationRow['status']; readonly reason?: Refusal }
  readonly returnUrl?: string
  readonly refundsFail?: boolean
}

/** How long a caller waits for an answer that never comes. */
const ANSWER_LIMIT_MS = 2_000

const COLUMNS = `operation_id as "operationId", status, reason, amount, captured, refunds_fail as "refundsFail"`

/** An acquirer that plays contract §7 on its own tables, slow and lost answers and duplicates included. */
export function createSandboxAcquirer(deps: SandboxDeps): SandboxAcquirer {
  return {
    name: 'sandbox',
    authorise: (request) => authorise(deps, request),
    capture: (request) => deps.db.transaction((tx) => followUp(tx, deps, { operation: 'capture', ...request })),
    void: (request) => deps.db.transaction((tx) => followUp(tx, deps, { operation: 'void', ...request })),
    refund: (request) => deps.db.transaction((tx) => followUp(tx, deps, { operation: 'refund', ...request })),
    async lookUp({ operationId }) {
      const row = await find(deps.db, operationId)
      return row ? outcomeOf(row) : { status: 'unseen' }
    },
    async findChallenge(operationId) {
      const [row] = await deps.db.query<SandboxChallenge>(
        `select amount, currency, return_url as "returnUrl" from sandbox_acquirer.operations
         where operation_id = $1 and status = 'challenge'`,
        [operationId],
      )
      return row
    },
    async answerChallenge(operationId, passed) {
      const [row] = await deps.db.query<{ returnUrl: string }>(
        `update sandbox_acquirer.operations set status = $2, reason = $3
         where operation_id = $1 and status = 'challenge' returning return_url as "returnUrl"`,
        [operationId, passed ? 'succeeded' : 'refused', passed ? null : 'challenge_failed'],
      )
      return row?.returnUrl
    },
  }
}

async function authorise(deps: SandboxDeps, request: AuthoriseRequest): Promise<Outcome> {
  const behaviour = behaviourOf(request.card.number)
  if (behaviour.requestLost) {
    await deps.sleep(ANSWER_LIMIT_MS)
    throw new AcquirerUnknownError('no answer within the time limit')
  }
  if (behaviour.delayMs !== undefined) await deps.sleep(behaviour.delayMs)
  const operation: NewOperation = {
    operation: 'authorise',
    operationId: request.operationId,
    authorisationId: request.operationId,
    amount: request.amount,
    currency: request.currency,
    captured: request.capture,
    outcome: behaviour.refusal
      ? { status: 'refused', reason: behaviour.refusal }
      : { status: behaviour.challenge ? 'challenge' : 'succeeded' },
    returnUrl: request.returnUrl,
    refundsFail: behaviour.refundsFail ?? false,
  }
  const row = await record(deps.db, deps.clock.now(), operation)
  if (behaviour.duplicated) await record(deps.db, deps.clock.now(), operation)
  if (behaviour.answerLost) {
    await deps.sleep(ANSWER_LIMIT_MS)
    throw new AcquirerUnknownError('no answer within the time limit')
  }
  return outcomeOf(row)
}

type FollowUp = FollowUpRequest & { readonly operation: 'capture' | 'void' | 'refund' }

async function followUp(tx: Tx, deps: SandboxDeps, request: FollowUp): Promise<Outcome> {
  const earlier = await find(tx, request.operationId)
  if (earlier) return outcomeOf(earlier)
  const [authorisation] = await tx.query<OperationRow>(
    `select ${COLUMNS} from sandbox_acquirer.operations where operation_id = $1 and operation = 'authorise' for update`,
    [request.authorisationId],
  )
  const now = deps.clock.now()
  if (!authorisation && request.operation === 'void') {
    // The authorisation may still be under way: its number is taken, so that it finds itself refused on arrival.
    await record(tx, now, {
      operation: 'authorise',
      operationId: request.authorisationId,
      authorisationId: request.authorisationId,
      amount: request.amount,
      outcome: { status: 'refused', reason: 'not_received' },
    })
  }
  const outcome = await settle(tx, request, authorisation)
  return outcomeOf(await record(tx, now, { ...request, outcome }))
}

/** Decides a follow-up and applies it to the authorisation, which the caller has locked. */
async function settle(tx: Tx, request: FollowUp, authorisation?: OperationRow): Promise<NewOperation['outcome']> {
  const refused = { status: 'refused', reason: 'declined' } as const
  const done = { status: 'succeeded' } as const
  if (request.operation === 'void') {
    if (!authorisation || authorisation.status === 'refused') return done
    if (authorisation.status === 'succeeded' && authorisation.captured) return refused
    await tx.query(
      `update sandbox_acquirer.operations
       set reason = case status when 'challenge' then 'challenge_failed' else 'declined' end, status = 'refused'
       where operation_id = $1`,
      [request.authorisationId],
    )
    return done
  }
  if (authorisation?.status !== 'succeeded') return refused
  if (request.operation === 'capture') {
    if (authorisation.captured || request.amount > authorisation.amount) return refused
    await tx.query(`update sandbox_acquirer.operations set captured = true, amount = $2 where operation_id = $1`, [
      request.authorisationId,
      request.amount,
    ])
    return done
  }
  const [given] = await tx.query<{ sum: number }>(
    `select coalesce(sum(amount), 0)::bigint as sum from sandbox_acquirer.operations
     where authorisation_id = $1 and operation = 'refund' and status = 'succeeded'`,
    [request.authorisationId],
  )
  const fits = authorisation.captured && (given?.sum ?? 0) + request.amount <= authorisation.amount
  return fits && !authorisation.refundsFail ? done : refused
}

/** Writes an operation once; the earlier row where its number was used. */
async function record(tx: Tx, now: Date, operation: NewOperation): Promise<OperationRow> {
  const [row] = await tx.query<OperationRow>(
    `insert into sandbox_acquirer.operations
       (operation_id, operation, authorisation_id, amount, currency, captured, status, reason, return_url, refunds_fail, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (operation_id) do nothing returning ${COLUMNS}`,
    [
      operation.operationId,
      operation.operation,
      operation.authorisationId,
      operation.amount,
      operation.currency ?? null,
      operation.captured ?? false,
      operation.outcome.status,
      operation.outcome.reason ?? null,
      operation.returnUrl ?? null,
      operation.refundsFail ?? false,
      now,
    ],
  )
  const found = row ?? (await find(tx, operation.operationId))
  if (!found) throw new AcquirerUnknownError('the operation was not recorded')
  return found
}

async function find(tx: Tx, operationId: string): Promise<OperationRow | undefined> {
  const [row] = await tx.query<OperationRow>(
    `select ${COLUMNS} from sandbox_acquirer.operations where operation_id = $1`,
    [operationId],
  )
  return row
}

function outcomeOf(row: OperationRow): Outcome {
  if (row.status === 'succeeded') return { status: 'succeeded' }
  if (row.status === 'challenge') {
    return { status: 'challenge', challengeUrl: `/sandbox-bank/challenges/${row.operationId}` }
  }
  return { status: 'refused', reason: row.reason ?? 'declined' }
}
