import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'

/** A command that cannot be carried out as it was given. The message says what to do; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What a command is given: its options by name, and what stands beside them. */
export interface Given {
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly positionals: readonly string[]
}

/**
 * Reads the arguments of a command.
 *
 * @throws UsageError for an option that it does not have
 */
export function readArguments(args: readonly string[], options: ParseArgsOptionsConfig): Given {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    return { values: values as Given['values'], positionals }
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

/** An option that has to be there. @throws UsageError */
export function required({ values }: Given, name: string): string {
  const value = values[name]
  if (typeof value === 'string' && value !== '') return value
  throw new UsageError(`--${name} is missing`)
}

/** An option that may be there. */
export function optional({ values }: Given, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A whole number within bounds. @throws UsageError */
export function numberOf(text: string, name: string, [least, most]: readonly [number, number]): number {
  const value = Number(text)
  if (/^[0-9]{1,9}$/.test(text) && value >= least && value <= most) return value
  throw new UsageError(`--${name} is a whole number from ${least} to ${most}`)
}

const UNITS_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** A length of time such as 90s, 15m, 24h or 7d, in seconds. @throws UsageError */
export function secondsOf(text: string, name: string): number {
  const [, digits = '', unit = 's'] = /^([0-9]{1,7})([smhd]?)$/.exec(text) ?? []
  if (digits === '') throw new UsageError(`--${name} is a length of time, e.g. 90s, 15m, 24h or 7d`)
  return Number(digits) * (UNITS_S[unit === '' ? 's' : unit] ?? 1)
}

/** Rows as columns that line up; the last one is not padded. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows]
  const widths = headings.map((_heading, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ')
  return all.map(line).join('\n')
}

/** Prints a text and its line feed. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Control characters of stored texts stay out of the terminal: an escape sequence there can do more than be read. */
export function shown(value: string | null | undefined): string {
  // eslint-disable-next-line no-control-regex -- They are what is looked for.
  return (value ?? '–').replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')
}
