import type { App } from '../app.ts'

/** What is served to whoever has found a hole. */
export interface SecurityTextDeps {
  /** The whole file, as the operator wrote it; undefined where there is none. */
  readonly securityText: string | undefined
}

/** GET /.well-known/security.txt: whom to tell of a hole, in the operator's own words (RFC 9116). No text, no route. */
export function securityTextRoute(app: App, { securityText }: SecurityTextDeps): void {
  if (securityText === undefined) return
  app.get(
    '/.well-known/security.txt',
    { config: { access: 'public', summary: 'Whom to tell of a vulnerability' } },
    (_request, reply) => reply.type('text/plain; charset=utf-8').send(securityText),
  )
}
