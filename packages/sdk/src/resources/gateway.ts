import type { JsonWebKey } from 'node:crypto'
import type { GatewayCalls } from '../gateway-calls.ts'
import type { CallOptions } from '../options.ts'

/** How the gateway is. These answers are not signed, and none of your keys is sent for them. */
export class Gateway {
  readonly #calls: GatewayCalls
  constructor(calls: GatewayCalls) {
    this.#calls = calls
  }

  /** Whether its process is alive: `ok`. @throws UCanPayConnectionError where it is not */
  health(options?: CallOptions): Promise<{ readonly status: string }> {
    return this.#calls.ask({ method: 'GET', route: '/healthz', options, as: 'unsigned' })
  }

  /** Whether it can serve: `ready`, or why not, e.g. `draining`. @throws UCanPayConnectionError */
  readiness(options?: CallOptions): Promise<{ readonly status: string }> {
    return this.#calls.ask({ method: 'GET', route: '/readyz', options, as: 'unsigned' })
  }

  /** Its public keys, which answers and notifications are signed with. @throws UCanPayError */
  publicKeys(options?: CallOptions): Promise<{ readonly keys: readonly (JsonWebKey & { readonly kid?: string })[] }> {
    return this.#calls.ask({ method: 'GET', route: '/.well-known/jwks.json', options, as: 'unsigned' })
  }

  /** Its API, as OpenAPI 3.1. @throws UCanPayError */
  openApi(options?: CallOptions): Promise<Readonly<Record<string, unknown>>> {
    return this.#calls.ask({ method: 'GET', route: '/openapi.json', options, as: 'unsigned' })
  }
}
