import { expect, test } from 'vitest'
import { dayIn, daysOf, knownZones, periodOf, startOfDayIn } from './period.ts'

test.each([
  ['today', '2026-11-24', '2026-11-24'],
  ['yesterday', '2026-11-23', '2026-11-23'],
  ['week', '2026-11-23', '2026-11-24'],
  ['month', '2026-11-01', '2026-11-24'],
  ['lastMonth', '2026-10-01', '2026-10-31'],
] as const)('%s on a Tuesday is from %s to %s', (preset, first, last) => {
  expect(daysOf(preset, '2026-11-24')).toEqual({ first, last })
})

test('a week begins on Monday, and periods cross months and years', () => {
  expect(daysOf('week', '2026-11-29')).toEqual({ first: '2026-11-23', last: '2026-11-29' })
  expect(daysOf('week', '2026-11-30')).toEqual({ first: '2026-11-30', last: '2026-11-30' })
  expect(daysOf('yesterday', '2027-01-01')).toEqual({ first: '2026-12-31', last: '2026-12-31' })
  expect(daysOf('lastMonth', '2027-01-15')).toEqual({ first: '2026-12-01', last: '2026-12-31' })
  expect(daysOf('lastMonth', '2028-03-31')).toEqual({ first: '2028-02-01', last: '2028-02-29' })
})

test.each([
  ['UTC', '2026-11-24', '2026-11-24T00:00:00.000Z'],
  ['America/Toronto', '2026-11-24', '2026-11-24T05:00:00.000Z'],
  ['Asia/Kathmandu', '2026-11-24', '2026-11-23T18:15:00.000Z'],
  ['Pacific/Kiritimati', '2026-11-24', '2026-11-23T10:00:00.000Z'],
  ['Pacific/Pago_Pago', '2026-11-24', '2026-11-24T11:00:00.000Z'],
  // The clock goes from 23:59:59 to 01:00 here: the day has no midnight.
  ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00.000Z'],
])('in %s, %s begins at %s', (zone, day, start) => {
  expect(startOfDayIn(zone, day)).toBe(start)
  expect(dayIn(zone, Date.parse(start))).toBe(day)
  expect(dayIn(zone, Date.parse(start) - 1)).not.toBe(day)
})

test('a day is as long as its clock makes it', () => {
  const hours = (first: string): number => {
    const period = periodOf({ first, last: first }, 'America/Toronto')
    return (Date.parse(period?.to ?? '') - Date.parse(period?.from ?? '')) / 3_600_000
  }
  expect([hours('2026-03-08'), hours('2026-03-09'), hours('2026-11-01')]).toEqual([23, 24, 25])
})

test.each([
  ['2026-11-25', '2026-11-24'],
  ['', '2026-11-24'],
  ['2026-02-30', '2026-03-01'],
  ['2025-11-23', '2026-11-24'],
])('%j to %j is no period', (first, last) => {
  expect(periodOf({ first, last }, 'UTC')).toBeUndefined()
})

test('a leap year fits in a report', () => {
  expect(periodOf({ first: '2028-01-01', last: '2028-12-31' }, 'UTC')).toBeDefined()
})

test('UTC can be chosen', () => {
  expect(knownZones()).toContain('UTC')
  expect(knownZones()).toContain('America/Toronto')
})
