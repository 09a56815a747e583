import { expect, test } from 'vitest'
import { maskEmail, maskName } from './mask.ts'

test('a masked address shows two letters and its top level alone', () => {
  expect(maskEmail('ada.lovelace@example.com')).toBe('a•••@e•••.com')
  expect(maskEmail('ada@mail.example.co.uk')).toBe('a•••@m•••.uk')
  expect(maskEmail('x@localhost')).toBe('x•••@l•••')
})

test('a masked name shows first letters alone', () => {
  expect(maskName('Ada King  Lovelace Byron')).toBe('A••• K••• L•••')
  expect(maskName('E\u0301lodie')).toBe('E\u0301•••')
  expect(maskName(' ')).toBe('')
})
