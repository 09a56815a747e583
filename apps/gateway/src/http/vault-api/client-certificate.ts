import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { ApiError } from '../../domain/api-error.ts'
import type { App } from '../app.ts'

/** Who may be a client of the vault; a certificate names one as `ucanpay-api` in its common name. */
export const VAULT_CLIENTS = ['api', 'checkout', 'dashboard', 'worker'] as const
export type VaultClient = (typeof VAULT_CLIENTS)[number]

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Required where `access` is `vault-client`: whose certificates open the route. */
    clients?: readonly VaultClient[]
  }
  interface FastifyRequest {
    /** Set where the route's access is `vault-client`. */
    vaultClient: VaultClient | null
  }
}

/**
 * Lets a client in by its certificate, which the TLS handshake has checked against the installation's own authority: a
 * connection without a good one does not come as far as here.
 */
export function addClientCertificates(app: App): void {
  app.decorateRequest('vaultClient', null)
  app.addHook('onRequest', (request, _reply, done) => {
    const { access, clients = [] } = request.routeOptions.config
    if (access !== 'vault-client') {
      done()
      return
    }
    const client = clientOf(request.raw.socket as Socket & Pick<TLSSocket, 'authorized' | 'getPeerCertificate'>)
    if (!client || !clients.includes(client)) {
      done(new ApiError('NOAUTH', `${client ?? 'an unknown client'} asked the vault for what is not its own`))
      return
    }
    request.vaultClient = client
    done()
  })
}

function clientOf(socket: Pick<TLSSocket, 'authorized' | 'getPeerCertificate'>): VaultClient | undefined {
  if (!socket.authorized) return undefined
  const { CN } = socket.getPeerCertificate().subject
  return VAULT_CLIENTS.find((name) => CN === `ucanpay-${name}`)
}
