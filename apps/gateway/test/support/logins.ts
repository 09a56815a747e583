import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'

/** Runs one statement on a connection of its own. */
export async function queryOn(databaseUrl: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/**
 * Logins as an operator makes them: GRANT ucanpay_api, ucanpay_sandbox TO …; nothing else. They go with the test.
 *
 * @param roles without their prefix
 * @returns the address of the database for each
 */
export async function createLogins<Role extends string>(
  databaseUrl: string,
  roles: readonly Role[],
): Promise<(role: Role) => string> {
  const suffix = randomBytes(4).toString('hex')
  const password = randomBytes(24).toString('hex')
  const nameOf = (role: Role): string => `test_${role}_${suffix}`
  for (const role of roles) {
    await queryOn(inject('adminUrl'), `create role ${nameOf(role)} login password '${password}'`)
    await queryOn(inject('adminUrl'), `grant ucanpay_${role}, ucanpay_sandbox to ${nameOf(role)}`)
  }
  onTestFinished(async () => {
    for (const role of roles) await queryOn(inject('adminUrl'), `drop role ${nameOf(role)}`)
  })
  return (role) => {
    const url = new URL(databaseUrl)
    url.username = nameOf(role)
    url.password = password
    return url.href
  }
}
