import { Script } from 'node:vm'
import { expect, test } from 'vitest'
import { describeError } from './log.ts'

test('places of an error are told from the root of the project, never from that of the machine', () => {
  const ours = describeError(new Error('quiet')).stack ?? ''
  expect(ours).toContain('apps/gateway/src/observability/log.test.ts:')
  expect(ours).toContain('node_modules/vitest/')
  expect(ours).not.toContain('file:')
  expect(ours).not.toMatch(/[\s(]\//)
})

test('of a place outside of the project only the file is told', () => {
  const thrown = new Script('new Error("quiet")', {
    filename: '/srv/secret-place/some.cjs',
  }).runInThisContext() as Error
  const elsewhere = describeError(thrown).stack ?? ''
  expect(elsewhere).toContain('some.cjs:1:1')
  expect(elsewhere).not.toContain('secret-place')
})
