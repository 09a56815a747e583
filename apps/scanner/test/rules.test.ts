import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { rulePage } from '../src/commands/explain.ts'
import { ALL_RULES } from '../src/rules/all-rules.ts'

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const files = readdirSync(folder('../src/rules'), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.includes('/') && path.endsWith('.ts') && !path.endsWith('.test.ts'))

test('the list has every rule that there is', () => {
  const ids = files.map((path) => path.replace(/^.*\/(.*)\.ts$/, '$1'))
  expect(ALL_RULES.map(({ id }) => id).sort()).toEqual(ids.sort())
})

test('every rule has its page, and no page is left of a rule that is gone', () => {
  const pages = readdirSync(folder('../docs/rules'))
  expect(pages.sort()).toEqual(ALL_RULES.map(({ id }) => `${id}.md`).sort())
})

describe.each(ALL_RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('its page says what the rule says', () => {
    expect(readFileSync(folder(`../docs/rules/${id}.md`), 'utf8')).toBe(rulePage(rule))
  })

  test('says why, how to mend it, and which controls it answers to', () => {
    expect(rule.why.length).toBeGreaterThan(80)
    expect(rule.mend.length).toBeGreaterThan(40)
    expect(rule.before).not.toBe(rule.after)
    expect(rule.title).not.toMatch(/\.$/)
    expect(rule.controls.pci.every((requirement) => /^\d{1,2}(?:\.\d{1,2}){1,3}$/.test(requirement))).toBe(true)
    expect(rule.controls.asvs.every((requirement) => /^\d{1,2}\.\d{1,2}\.\d{1,2}$/.test(requirement))).toBe(true)
    expect(rule.controls.gdpr.every((article) => /^\d{1,2}(?:\(\d\))?(?:\([a-z]\))?$/.test(article))).toBe(true)
    expect(rule.controls.pci.length + rule.controls.asvs.length).toBeGreaterThan(0)
  })
})
