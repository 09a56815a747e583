import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from '../app.ts'
import { PAGE_POLICY } from '../plugins/headers.ts'
import { assetRoutes } from '../static-assets.ts'

/** Addresses of pages; which page is shown there, the page's own script knows. */
const PAGES = ['/', '/:page', '/:page/:id', '/:page/:id/:more'] as const

/** Serves the dashboard's one page at every address of it. @param folder the built dashboard: index.html and assets/ */
export function dashboardPageRoutes(app: App, folder: string): void {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  for (const url of PAGES) {
    app.get(url, { config: { access: 'public' } }, (request, reply) => {
      // What is no page is answered as an API answers: 404, or 405 where another method would have been right.
      if (/^\/(?:dashboard-api|assets)(?:\/|$)/.test(request.url)) {
        reply.callNotFound()
        return reply
      }
      return reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(html)
    })
  }
  assetRoutes(app, folder)
}
