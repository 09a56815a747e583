import { expect, test } from 'vitest'
import type { SessionData } from '../../shared/api/connection.ts'
import { timeLeftMs, type Known } from './time-left.ts'

const session = {
  serverTime: '2026-01-01T00:00:00Z',
  idleEndsAt: '2026-01-01T00:15:00Z',
  endsAt: '2026-01-01T12:00:00Z',
} as SessionData
/** This machine believes that it is 1970. */
const known: Known = { session, wall: 1_000, steady: 500 }

test('a wrong clock on the viewer’s machine does not matter', () => {
  expect(timeLeftMs(known, { wall: 61_000, steady: 60_500 })).toBe(14 * 60_000)
})

test('after a sleep the clock that went on counts', () => {
  expect(timeLeftMs(known, { wall: 1_000 + 20 * 60_000, steady: 501 })).toBe(-5 * 60_000)
})

test('a clock that is set back does not prolong the session', () => {
  expect(timeLeftMs(known, { wall: -1_000_000, steady: 60_500 })).toBe(14 * 60_000)
})

test('the end of all sessions comes before the end of the idle time', () => {
  const late = { ...known, session: { ...session, endsAt: '2026-01-01T00:01:00Z' } }
  expect(timeLeftMs(late, { wall: 1_000, steady: 500 })).toBe(60_000)
})
