import type { App } from '../app.ts'
import { PAGE_POLICY } from '../plugins/headers.ts'
import type { Description } from './describe-routes.ts'
import { REFERENCE_STYLE, renderReference } from './render-reference.ts'

/** GET /openapi.json: the description. GET /reference: the same for people, with no script at all. */
export function referenceRoutes(app: App, description: Description): void {
  let json = ''
  let html = ''
  app.addHook('onReady', (done) => {
    json = JSON.stringify(description)
    html = renderReference(description)
    done()
  })
  app.get(
    '/openapi.json',
    { config: { access: 'public', summary: 'This description, OpenAPI 3.1' } },
    (_request, reply) => reply.type('application/json; charset=utf-8').send(json),
  )
  app.get('/reference', { config: { access: 'public' } }, (_request, reply) =>
    reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(html),
  )
  app.get('/reference.css', { config: { access: 'public' } }, (_request, reply) =>
    reply.header('cache-control', 'public, max-age=3600').type('text/css; charset=utf-8').send(REFERENCE_STYLE),
  )
}
