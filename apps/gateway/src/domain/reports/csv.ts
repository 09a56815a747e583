/** A number is ours as it is; a text may hold anything. */
export type Cell = string | number | null

/** What a file begins with, so that a spreadsheet reads it as UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF'

/** A text that begins so is a formula to a spreadsheet, which could send the other cells away. */
const FORMULA = /^[=+\-@\t\r]/

/**
 * A line of a CSV file, its line end with it. A text that a spreadsheet would take for a formula gets an apostrophe before
 * it, which makes it a text there.
 *
 * @see RFC 4180; OWASP, CSV injection
 */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`
}

function cellText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
