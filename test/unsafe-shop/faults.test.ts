import { expect, test } from 'vitest'
import { fileURLToPath } from 'node:url'
import { findIn, UNSAFE_SHOP } from './audit.ts'
import { FAULTS, placeOf, RULES, STATE } from './faults.ts'

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
