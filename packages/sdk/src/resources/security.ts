import type { LeakedKeysData } from '@ucanpay/wire/api-key-schemas'
import type { GatewayCalls } from '../gateway-calls.ts'
import type { CallOptions } from '../options.ts'

/** What anybody can report. */
export class Security {
  readonly #calls: GatewayCalls
  constructor(calls: GatewayCalls) {
    this.#calls = calls
  }

  /**
   * Reports keys that were found where they should not be: each that is one is revoked at once, **your own too**. The
   * answer never says which were. Sent without your key.
   *
   * @param keys 1 to 100 texts of up to 256 characters
   * @throws UCanPayError, `Refused.FREQUENCY_LIMITED` after 30 reports in a minute
   */
  reportLeakedKeys(keys: readonly string[], options?: CallOptions): Promise<LeakedKeysData> {
    return this.#calls.ask({
      method: 'POST',
      route: '/security/leaked-keys',
      members: { keys },
      options,
      as: 'anybody',
    })
  }
}
