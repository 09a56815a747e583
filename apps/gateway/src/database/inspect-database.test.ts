import { expect, test } from 'vitest'
import { databaseProblems, type DatabaseFacts } from './inspect-database.ts'

const GOOD: DatabaseFacts = {
  version: 150_018,
  login: 'app',
  superuser: false,
  missingRoles: [],
  clockAheadMs: 59_000,
  guarded: true,
}

test('a database as it should be is no problem', () => {
  expect(databaseProblems(GOOD)).toEqual([])
})

test.each([
  [{ version: 140_000 }, 'PostgreSQL 15'],
  [{ superuser: true }, 'superuser'],
  [{ missingRoles: ['ucanpay_api', 'ucanpay_worker'] }, 'GRANT ucanpay_api, ucanpay_worker TO "app"'],
  [{ clockAheadMs: 61_000 }, '61 s behind'],
  [{ clockAheadMs: -61_000 }, '61 s ahead of'],
])('%o is one line that says what to do', (facts, words) => {
  const problems = databaseProblems({ ...GOOD, ...facts })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(words)
  expect(problems[0]).not.toContain('\n')
})
