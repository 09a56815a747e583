import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import type { TestProject } from 'vitest/node'

import { createTemplate, dropTemplate, startTestServer } from './database-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of a role that may create databases and roles. Empty where there are no migrations yet. */
    adminUrl: string
    /** What `cloneDatabase` copies. Empty where there are no migrations yet. */
    templateName: string
  }
}

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))

/** One server and one migrated template for the whole run. The function that it returns takes both away again. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  project.provide('adminUrl', '')
  project.provide('templateName', '')
  if (!existsSync(MIGRATIONS)) return undefined

  const server = await startTestServer()
  try {
    const templateName = await createTemplate(server.adminUrl, MIGRATIONS)
    project.provide('adminUrl', server.adminUrl)
    project.provide('templateName', templateName)
    return async () => {
      await dropTemplate(server.adminUrl, templateName)
      await server.stop()
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}
