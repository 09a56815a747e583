import type { Mode } from '@ucanpay/wire/api-key'
import { hostOf, readNotifyUrl } from './notify-url.ts'
import { OutboundError } from './outbound-error.ts'
import { resolveAllowed, systemResolver, type Resolver } from './resolve-allowed.ts'

const KEPT_MS = 60_000
const KEPT_HOSTS = 10_000
const RESOLVE_LIMIT_MS = 500

/**
 * Decides at registration whether notifications may go to an address. A name that does not resolve, or not in time,
 * passes: it may be set up tomorrow, and the socket is guarded in any case. Answers are kept for a minute a host.
 */
export function createRegistrationGuard(resolver: Resolver = systemResolver): {
  allows(notifyUrl: string, mode: Mode): Promise<boolean>
} {
  const kept = new Map<string, { readonly until: number; readonly allowed: Promise<boolean> }>()
  return {
    async allows(notifyUrl, mode) {
      const url = readNotifyUrl(notifyUrl, mode)
      if (!url) return false
      const name = `${mode} ${hostOf(url)}`
      const found = kept.get(name)
      if (found && found.until > performance.now()) return found.allowed
      if (kept.size >= KEPT_HOSTS) kept.clear()
      const allowed = isAllowed(hostOf(url), mode, resolver)
      kept.set(name, { until: performance.now() + KEPT_MS, allowed })
      return allowed
    },
  }
}

async function isAllowed(host: string, mode: Mode, resolver: Resolver): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), RESOLVE_LIMIT_MS)
  })
  try {
    return await Promise.race([resolveAllowed(host, mode, resolver).then(() => true), late])
  } catch (error) {
    if (error instanceof OutboundError) return error.reason !== 'refused_address'
    throw error
  } finally {
    clearTimeout(timer)
  }
}
