import { FAILURES } from '@ucanpay/wire/failures'
import { expect, test } from 'vitest'
import { FAILURE_STORIES } from '../features/logs/failure-stories.ts'
import type { Text } from '../shared/texts/language.ts'

const modules = import.meta.glob<Readonly<Record<string, unknown>>>(
  ['../**/texts.ts', '../**/words.ts', '../features/audit-log/actions.ts', '../features/logs/failure-stories.ts'],
  { eager: true },
)

function isText(value: unknown): value is Text {
  return Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'string')
}

/** Every text within a dictionary, by where it stands. */
function textsIn(value: unknown, path: string): readonly (readonly [path: string, text: Text])[] {
  if (isText(value)) return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => textsIn(each, `${path} ${name}`))
}

const texts = Object.entries(modules).flatMap(([file, exported]) => textsIn(exported, file))

test('there are texts to look at in every feature', () => {
  expect(texts.length).toBeGreaterThan(300)
  for (const feature of ['refunds', 'notifications', 'logs', 'reports', 'qr', 'audit-log'])
    expect(texts.some(([path]) => path.startsWith(`../features/${feature}/`))).toBe(true)
})

test.each(texts)('%s says something in English and in French, with the same values', (_path, [en, fr]) => {
  expect(en.trim()).not.toBe('')
  expect(fr.trim()).not.toBe('')
  const values = (text: string): readonly string[] =>
    [...new Set([...text.matchAll(/\{(\w+)/g)].map((match) => match[1] ?? ''))].sort()
  expect(values(fr)).toEqual(values(en))
  // One form for one, one for many.
  for (const [, forms = ''] of `${en} ${fr}`.matchAll(/\{\w+\|([^}]*)\}/g)) expect(forms.split('|')).toHaveLength(2)
})

test('French is written with its own apostrophe, and a space before a double sign', () => {
  for (const [path, [, fr]] of texts) {
    expect(fr, path).not.toMatch(/\w'\w/)
    expect(fr.replace(/https?:|req_/g, ''), path).not.toMatch(/\w[:;!?](?:\s|$)/)
  }
})

test('every failure of the contract has its meaning and what to do', () => {
  expect(Object.keys(FAILURE_STORIES).sort()).toEqual(Object.keys(FAILURES).sort())
})
