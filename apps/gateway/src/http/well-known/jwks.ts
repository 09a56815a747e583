import type { PlatformKeys } from '../../domain/signatures/platform-keys.ts'
import type { App } from '../app.ts'

/** GET /.well-known/jwks.json: the public keys that verify what the gateway signs (contract §3, RFC 7517). */
export function jwksRoute(app: App, keys: PlatformKeys): void {
  app.get(
    '/.well-known/jwks.json',
    { config: { access: 'public', summary: "The gateway's public keys, as a JWK Set" } },
    (_request, reply) => reply.type('application/jwk-set+json').send(JSON.stringify(keys.published)),
  )
}
