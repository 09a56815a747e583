import { expect, test } from 'vitest'
import { render } from './report.ts'
import type { Row } from './row.ts'

const ROWS: readonly Row[] = [
  { practice: 1, what: 'served over HTTPS', state: 'held', evidence: 'TLS 1.3' },
  { practice: 1, what: 'no plain HTTP', state: 'not held', evidence: 'answers \u001b[2J200', remedy: 'take it away' },
  { practice: 10, what: 'sessions end', state: 'absent', evidence: 'no dashboard' },
]

test('checks stand under their practice, and the last line is the verdict', () => {
  expect(render(ROWS, false)).toBe(`1. HTTPS always
  ok    served over HTTPS
        TLS 1.3
  FAIL  no plain HTTP
        answers ?[2J200
        → take it away

10. Sessions time out
  –     sessions end
        no dashboard

Not in order: 1 of 2 checks do not hold (practice 1), 1 do not apply here.
`)
  expect(render(ROWS.slice(0, 1), false)).toContain('In order: all 1 checks hold.')
})

test('colour is there where it is asked for, and changes no word', () => {
  const coloured = render(ROWS, true)
  expect(coloured).toContain('\u001b[31mFAIL\u001b[0m')
  // eslint-disable-next-line no-control-regex -- They are what is taken out.
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(render(ROWS, false))
})
