import { operator, startGateway, testCertificates } from '../../apps/gateway/test/support/gateway.ts'
import { takeJobs, type Job } from '../../apps/gateway/src/domain/notifications/outbox.ts'
import { createApiKey } from '../../apps/gateway/src/domain/api-keys/create-api-key.ts'
import { recordPayout } from '../../apps/gateway/src/domain/ledger/record-payout.ts'
import { jobHandlers } from '../../apps/gateway/src/worker/job-handlers.ts'
import type { StartTarget } from './target.ts'

const LEASE_MS = 30_000

/** The gateway itself on PostgreSQL, with its sandbox; its worker works when a test says so. */
export const startRealGateway: StartTarget = async ({ maxFailuresInARow = 1_000_000 } = {}) => {
  const ends: (() => Promise<void>)[] = []
  const onEnd = (takeDown: () => Promise<void>): void => void ends.push(takeDown)
  const checkout = await startGateway({ role: 'checkout', onEnd })
  const { checkoutUrl } = checkout
  const gateway = await startGateway({
    role: 'api',
    beside: checkout,
    config: { checkoutUrl },
    limits: { failuresInARow: maxFailuresInARow },
    onEnd,
  })
  const { deps } = gateway.gateway
  const { merchant, clock, keys } = gateway
  const db = deps.pools.worker
  const handlers = jobHandlers({ ...deps, ...deps.listening, keys, db })
  const caller = () => ({ ...operator(merchant.merchantId, 'test'), now: clock.now() })
  const perform = async (only: (job: Job) => boolean): Promise<void> => {
    for (;;) {
      const taken = await takeJobs(db, { now: clock.now(), leaseMs: LEASE_MS, limit: 100 })
      const due = taken.filter(({ job }) => only(job))
      for (const { job, ref } of due) await handlers[job](caller(), ref)
      if (due.length === 0) return
    }
  }
  return {
    baseUrl: gateway.apiUrl,
    ca: testCertificates.ca,
    merchantId: merchant.merchantId,
    apiKey: merchant.secretKey,
    privateKey: merchant.privateKey,
    webhookSecret: merchant.webhookSecret,
    receiver: gateway.receiver,
    async pay({ payUrl }, number) {
      const answer = await gateway.pay(payUrl, { number })
      if (answer.status !== 200) throw Object.assign(new Error(`paying: ${String(answer.msg)}`), { msg: answer.msg })
    },
    work: () => perform((job) => job !== 'deliver-notification'),
    async deliver() {
      const waiting = await gateway.sql<{ ref: string }>(`select ref from outbox where job = 'deliver-notification'`)
      for (const { ref } of waiting) await handlers['deliver-notification'](caller(), ref)
    },
    moveClock: (ms) => gateway.moveClock(ms),
    addKey: async (kind, scopes) => {
      const wanted = {
        name: 'test key',
        pepper: deps.listening.pepper,
        kind,
        mode: 'test' as const,
        scopes: [...scopes] as never,
      }
      return (await deps.db.transaction((tx) => createApiKey(tx, caller(), wanted))).key
    },
    async payOut(currency, amount) {
      await deps.db.transaction((tx) => recordPayout(tx, caller(), { currency, amount }))
    },
    async stop() {
      for (const end of ends.reverse()) await end()
    },
  }
}
