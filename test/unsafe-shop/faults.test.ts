import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ALL_RULES } from '../../apps/scanner/src/rules/all-rules.ts'
import { findIn, UNSAFE_SHOP } from './audit.ts'

/** Turned on once every rule that faults.json names is there; until then a fault without a rule is only listed. */
const STATE: { readonly allRulesAreThere: boolean } = { allRulesAreThere: false }

interface Fault {
  readonly practice: number
  readonly rule: string
  readonly file: string
  /** The text of the line, without what is blank at its ends. */
  readonly line: string
  readonly why: string
}

const FAULTS = JSON.parse(readFileSync(join(UNSAFE_SHOP, 'faults.json'), 'utf8')) as Fault[]
const RULES = new Map(ALL_RULES.map((rule) => [rule.id, rule]))

/** `file:line rule` of a planted fault. @throws Error where its line is not there, or there twice */
function placeOf({ file, line, rule }: Fault): string {
  const lines = readFileSync(join(UNSAFE_SHOP, file), 'utf8').split('\n')
  const at = lines.flatMap((text, index) => (text.trim() === line ? [index + 1] : []))
  const [only] = at
  if (only === undefined || at.length > 1) throw new Error(`${file}: ${at.length} lines are: ${line}`)
  return `${file}:${only} ${rule}`
}

test('every planted fault whose rule is there is found at its line, and nothing else is found', () => {
  const places = FAULTS.map((fault) => ({ fault, place: placeOf(fault) }))
  const due = places.filter(({ fault }) => RULES.has(fault.rule))
  const waiting = places.filter(({ fault }) => !RULES.has(fault.rule))
  if (waiting.length > 0) console.log(`no rule yet for:\n${waiting.map(({ place }) => `  ${place}`).join('\n')}`)

  const found = findIn(UNSAFE_SHOP).map(({ ruleId, path, line }) => `${path}:${line} ${ruleId}`)
  expect([...new Set(found)].sort()).toEqual(due.map(({ place }) => place).sort())
  if (STATE.allRulesAreThere) expect(waiting).toEqual([])
})

test('no fault is planted twice, each has its reason, and the rows 1 to 12 all have some', () => {
  const places = FAULTS.map(placeOf)
  expect(new Set(places).size).toBe(places.length)
  for (const { why } of FAULTS) expect(why).toMatch(/^[A-Z`].{8,}\.$/)
  const practices = new Set(FAULTS.map(({ practice }) => practice))
  expect([...practices].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_each, index) => index + 1))
  if (!STATE.allRulesAreThere) return
  const strays = FAULTS.filter(({ rule, practice }) => RULES.get(rule)?.practice !== practice)
  expect(strays.map(({ rule, practice }) => `${rule} is not of row ${practice}`)).toEqual([])
})

test('in the demo shop nothing is found', () => {
  expect(findIn(fileURLToPath(new URL('../../examples/shop', import.meta.url)))).toEqual([])
})
