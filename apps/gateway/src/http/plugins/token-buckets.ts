import type { Lease } from '../../domain/limits/lease.ts'

/** Whether one more may pass, and what the caller is told of the limit (contract §5). */
export interface Verdict {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Until the window ends. */
  readonly resetInMs: number
}

/** Counts what passes, by bucket. */
export interface TokenBuckets {
  /** @param lease takes a share of the bucket's window from the database */
  take(bucket: string, limit: number, lease: () => Promise<Lease>): Promise<Verdict>
}

interface Bucket {
  endsAt: number
  tokens: number
  used: number
  leasing: Promise<void> | undefined
}

const MOST_BUCKETS = 50_000

/** Spends shares of the windows in memory; the database is asked only when one is used up. */
export function createTokenBuckets(): TokenBuckets {
  const buckets = new Map<string, Bucket>()
  const lease = async (bucket: Bucket, ask: () => Promise<Lease>): Promise<void> => {
    try {
      const askedAt = performance.now()
      const { granted, used, endsInMs } = await ask()
      // From when it was asked: our window then never lasts longer than the database's.
      const endsAt = askedAt + endsInMs
      // What is left of an earlier share belongs to the window that it was taken from.
      const sameWindow = Math.abs(endsAt - bucket.endsAt) < 100
      bucket.tokens = (sameWindow ? bucket.tokens : 0) + granted
      bucket.used = used
      bucket.endsAt = endsAt
    } finally {
      bucket.leasing = undefined
    }
  }
  return {
    async take(name, limit, ask) {
      let bucket = buckets.get(name)
      if (!bucket) {
        if (buckets.size >= MOST_BUCKETS) dropEnded(buckets)
        bucket = { endsAt: 0, tokens: 0, used: 0, leasing: undefined }
        buckets.set(name, bucket)
      }
      for (;;) {
        const left = bucket.endsAt - performance.now()
        if (left > 0 && bucket.tokens > 0) {
          bucket.tokens -= 1
          return { allowed: true, limit, remaining: Math.max(0, limit - bucket.used) + bucket.tokens, resetInMs: left }
        }
        if (left > 0 && bucket.used >= limit) return { allowed: false, limit, remaining: 0, resetInMs: left }
        bucket.leasing ??= lease(bucket, ask)
        await bucket.leasing
      }
    },
  }
}

/** Windows that have ended hold nothing; where all are open, all go, which costs each of them one more lease. */
function dropEnded(buckets: Map<string, Bucket>): void {
  const now = performance.now()
  for (const [name, bucket] of buckets) if (bucket.endsAt <= now && !bucket.leasing) buckets.delete(name)
  if (buckets.size >= MOST_BUCKETS) buckets.clear()
}
