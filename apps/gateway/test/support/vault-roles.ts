import { issueCertificate } from '../../../cli/src/certificates/authority.ts'
import { newAuthority } from './authority.ts'
import type { Config } from '../../src/config.ts'
import type { VaultPlace } from '../../src/outbound/vault-connection.ts'
import { startGateway, testCertificates, type GatewayOptions, type TestGateway } from './gateway.ts'

/** The authority of the vault's clients: another than the one of the servers. */
const clientAuthority = await newAuthority()
const clientCa = clientAuthority.certificate.toString('pem')

/** A client certificate of that authority. */
export function clientCertificate(name: string, authority = clientAuthority): Promise<{ cert: string; key: string }> {
  return issueCertificate(authority, {
    usage: 'connect',
    names: [name],
    addresses: [],
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
  })
}

/** Gateways of one role each, on one database; only the first of them has keys. */
export interface Roles {
  readonly vault: TestGateway
  readonly api: TestGateway
  readonly checkout: TestGateway
  readonly worker: TestGateway
  /** Starts one more, which a test of it needs and others do not. */
  readonly startDashboard: () => Promise<TestGateway>
  /** Where the vault is for a client with this name. */
  readonly placeFor: (name: string) => Promise<VaultPlace>
}

/** Starts each role by itself, as processes would. @param options.acquirer the vault's own */
export async function startRoles(options: Pick<GatewayOptions, 'acquirer'> = {}): Promise<Roles> {
  const vault = await startGateway({ role: 'vault', config: { vaultClientCa: clientCa }, ...options })
  const placeFor = async (name: string): Promise<VaultPlace> => ({
    url: `https://localhost:${vault.config.vaultPort}`,
    ca: testCertificates.ca,
    ...(await clientCertificate(name)),
  })
  const start = async (
    role: 'api' | 'checkout' | 'dashboard' | 'worker',
    config: Partial<Config> = {},
  ): Promise<TestGateway> =>
    startGateway({
      beside: vault,
      role,
      config: { keySources: undefined, vault: await placeFor(`ucanpay-${role}`), ...config },
    })
  const checkout = await start('checkout', { signingKeys: undefined })
  const api = await start('api', { checkoutUrl: checkout.checkoutUrl })
  return { vault, checkout, api, worker: await start('worker'), startDashboard: () => start('dashboard'), placeFor }
}
