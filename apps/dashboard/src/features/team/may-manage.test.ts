import { RIGHTS, RIGHTS_OF, ROLES } from '@ucanpay/wire/dashboard/roles'
import { expect, test } from 'vitest'
import { abilitiesOf, givableRoles, mayManage } from './may-manage.ts'

test('an admin manages everybody but owners, and makes none', () => {
  expect(mayManage('admin', 'owner')).toBe(false)
  expect(mayManage('admin', 'admin')).toBe(true)
  expect(givableRoles('admin')).toEqual(ROLES.filter((role) => role !== 'owner'))
  expect(givableRoles('owner')).toEqual(ROLES)
})

test.each(['developer', 'finance', 'support', 'auditor'] as const)('a member who is %s manages nobody', (role) => {
  expect(givableRoles(role)).toEqual([])
})

test('every right of the wire is told of, for every role on the right side', () => {
  for (const role of ROLES) {
    const { may, mayNot } = abilitiesOf(role)
    expect(may).toHaveLength(RIGHTS_OF[role].length)
    expect(may.length + mayNot.length).toBe(RIGHTS.length)
  }
})

test('an auditor sees evidence, and nobody’s personal data', () => {
  const { may, mayNot } = abilitiesOf('auditor')
  expect(may).toContain('audit')
  expect(mayNot).toEqual(expect.arrayContaining(['customers', 'reveal', 'refunds', 'makeKeys']))
})
