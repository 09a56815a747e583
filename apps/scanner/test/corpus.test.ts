import { describe, expect, test } from 'vitest'
import { ALL_RULES } from '../src/rules/all-rules.ts'
import { readCorpus } from './support/corpus.ts'
import { scanTexts } from './support/scan-case.ts'

const cases = readCorpus()

describe.each(ALL_RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const own = cases.filter(({ ruleId }) => ruleId === id)

  test.each(
    own.map((each) => [`${each.isTrue ? 'finds' : 'leaves alone'}: ${each.name} (${each.where})`, each] as const),
  )('%s', (_name, { files, expected }) => {
    const findings = scanTexts(files, [rule])
    const found = new Set(findings.map(({ place }) => `${place.path}:${place.line}`))
    expect([...found].sort()).toEqual(expected)
  })

  test('has eight cases of each kind', () => {
    expect(own.filter(({ isTrue }) => isTrue).length).toBeGreaterThanOrEqual(8)
    expect(own.filter(({ isTrue }) => !isTrue).length).toBeGreaterThanOrEqual(8)
  })
})

test('every case belongs to a rule', () => {
  const ids = new Set(ALL_RULES.map(({ id }) => id))
  expect(cases.filter(({ ruleId }) => !ids.has(ruleId)).map(({ where }) => where)).toEqual([])
})
