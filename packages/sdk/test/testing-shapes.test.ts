import * as requests from '@ucanpay/wire/payment-requests'
import * as rest from '@ucanpay/wire/rest-schemas'
import { expect, test } from 'vitest'
import { SHAPES } from '../src/testing/rules.ts'

const WIRE = { ...requests, ...rest } as unknown as Record<string, WireSchema>

interface WireSchema {
  readonly required?: readonly string[]
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly additionalProperties?: boolean
}

test.each(Object.entries(SHAPES))('the shape of %s is the schema of the wire, member by member', (name, shape) => {
  const schema = JSON.parse(JSON.stringify(WIRE[name])) as WireSchema
  const ruleOf = (member: object) =>
    Object.fromEntries(Object.entries(member).filter(([keyword]) => keyword !== 'description'))
  const described = Object.entries(schema.properties).map(([member, rule]) => [member, ruleOf(rule)])
  expect(Object.entries(shape.members)).toEqual(described) // In the same order, which decides what is told first.
  expect(shape.required).toEqual(schema.required ?? [])
  if (!name.endsWith('Params')) expect(schema.additionalProperties).toBe(false)
})
