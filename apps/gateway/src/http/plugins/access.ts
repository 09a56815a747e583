import type { App } from '../app.ts'

/** Refuses to start with a route that does not say who may call it. */
export function requireAccess(app: App): void {
  app.addHook('onRoute', (route) => {
    const { access, scope, clients } = route.config ?? {}
    const where = `${String(route.method)} ${route.url}`
    if (access === undefined) throw new Error(`the route ${where} does not say who may call it: set config.access`)
    if (access === 'api-key' && scope === undefined)
      throw new Error(`the route ${where} has no scope: set config.scope`)
    if (access === 'vault-client' && clients === undefined)
      throw new Error(`the route ${where} is for nobody: set config.clients`)
  })
}
