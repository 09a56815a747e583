import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { rulePage } from '../../src/commands/explain.ts'
import { ALL_PROBES } from '../../src/probes/all-probes.ts'
import { ALL_RULES } from '../../src/rules/all-rules.ts'

const pages = fileURLToPath(new URL('../../docs/probes', import.meta.url))

test('every probe has a name of its own and its page, and no page is left of one that is gone', () => {
  const ids = ALL_PROBES.map(({ id }) => id)
  expect(new Set([...ids, ...ALL_RULES.map(({ id }) => id)]).size).toBe(ids.length + ALL_RULES.length)
  expect(readdirSync(pages).sort()).toEqual(ids.map((id) => `${id}.md`).sort())
})

test.each(ALL_PROBES.map((probe) => [probe.id, probe] as const))('%s: its page says what it says', (id, probe) => {
  expect(readFileSync(`${pages}/${id}.md`, 'utf8')).toBe(rulePage(probe))
  expect(probe.why.length).toBeGreaterThan(80)
  expect(probe.mend.length).toBeGreaterThan(40)
  expect(probe.before).not.toBe(probe.after)
  expect(probe.controls.pci.length + probe.controls.asvs.length).toBeGreaterThan(0)
})
