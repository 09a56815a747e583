import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { App } from '../app.ts'
import { PAGE_POLICY } from '../plugins/headers.ts'
import { assetRoutes } from '../static-assets.ts'

/** Addresses of pages; which page is shown there, the page's own script knows. */
const PAGES = ['/', '/:page', '/:page/:id', '/:page/:id/:more'] as const

/**
 * Serves the dashboard's one page at every address of it.
 *
 * @param folder the built dashboard: index.html, assets/, and pages/, where the same page begins to load what is seen
 *   at one address: pages/payments.html for /payments and all below it, pages/home.html for /
 */
export function dashboardPageRoutes(app: App, folder: string): void {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const htmlOf = readPages(join(folder, 'pages'))
  for (const url of PAGES) {
    app.get(url, { config: { access: 'public' } }, (request, reply) => {
      // What is no page is answered as an API answers: 404, or 405 where another method would have been right.
      if (/^\/(?:dashboard-api|assets)(?:\/|$)/.test(request.url)) {
        reply.callNotFound()
        return reply
      }
      return reply
        .header('content-security-policy', PAGE_POLICY)
        .type('text/html; charset=utf-8')
        .send(htmlOf.get(nameOf(request.url)) ?? html)
    })
  }
  assetRoutes(app, folder)
}

/** The pages by the first part of their addresses. */
function readPages(folder: string): ReadonlyMap<string, string> {
  const files = existsSync(folder) ? readdirSync(folder) : []
  return new Map(files.map((file) => [basename(file, '.html'), readFileSync(join(folder, file), 'utf8')]))
}

/** The first part of an address; the start is home. */
function nameOf(url: string): string {
  return /^\/([^/?]+)/.exec(url)?.[1] ?? 'home'
}
