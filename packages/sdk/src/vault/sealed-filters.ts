import { isSealed } from './sealed-value.ts'
import { VaultError } from './vault-error.ts'

/**
 * Refuses a statement that compares a column with a sealed value: each sealing is another, so that it finds nothing,
 * and a `delete` or `update` that was meant for some rows would pass for done.
 *
 * @throws VaultError that points to the blind index
 */
export function refuseSealedFilters(statement: string, parameters: readonly unknown[] = []): void {
  if (!parameters.some(isSealed)) return
  const code = withoutLiterals(statement)
  const isWrite = /\b(?:insert\s+into|update)\b/i.test(code)
  // What is written stands before the first `where`, and in all else that comes with parameters, something is compared.
  const from = isWrite ? code.search(/\bwhere\b/i) : 0
  if (from < 0) return
  for (const [, number] of code.slice(from).matchAll(/\$(\d+)/g)) {
    if (isSealed(parameters[Number(number) - 1])) throw sealedFilter()
  }
}

/** @param column names what is compared, where that is known */
export function sealedFilter(column = 'a sealed column'): VaultError {
  return new VaultError(
    `A filter compares ${column}, whose values differ each time that they are sealed: nothing would be found. ` +
      'Store a blind index beside it, table.index(column, value), and compare that.',
  )
}

function withoutLiterals(statement: string): string {
  return statement.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, '""')
}
