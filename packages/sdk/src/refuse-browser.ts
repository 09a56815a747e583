import { UCanPayConfigError } from './errors.ts'

/** Why a bundler for browsers fails, and why the constructor throws. */
const WHY = 'ucanpay-sdk holds a secret key: it runs on servers, never in a browser'

/**
 * A secret key in a browser is a published one: refuses a page, and each kind of worker.
 *
 * @throws UCanPayConfigError also under jsdom, which is a browser in all that can be seen
 */
export function refuseBrowser(): void {
  const isPage = 'window' in globalThis && 'document' in globalThis
  const isWorker = 'WorkerGlobalScope' in globalThis || 'importScripts' in globalThis
  if (!isPage && !isWorker) return
  const test = 'In a test under jsdom, give the test of the server side the environment `node`'
  throw new UCanPayConfigError(`${WHY}. ${test} (\`@vitest-environment node\`, \`@jest-environment node\`).`)
}
