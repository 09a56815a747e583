import { parseArgs } from 'node:util'
import { SEVERITIES, type Severity } from './engine/severity.ts'

/** A command that cannot be carried out as it was given; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const FORMATS = ['terminal', 'json', 'sarif', 'junit', 'html', 'markdown', 'oscal'] as const
export type Format = (typeof FORMATS)[number]

/** What was asked for. */
export interface CommandLine {
  readonly paths: readonly string[]
  readonly format: Format | undefined
  readonly output: string | undefined
  readonly rules: readonly string[] | undefined
  readonly minSeverity: Severity | undefined
  readonly config: string | undefined
  readonly baseline: string | undefined
  readonly writeBaseline: string | undefined
  readonly cacheDir: string | undefined
  readonly noCache: boolean
  readonly fix: boolean
  readonly staged: boolean
  readonly history: boolean
  readonly self: boolean
  readonly noIgnore: boolean
  readonly verbose: boolean
  readonly quiet: boolean
  readonly help: boolean
  readonly version: boolean
  readonly listRules: boolean
  readonly explain: string | undefined
  /** The sites that are named are one's own: no question is asked. */
  readonly yes: boolean
  /** A file with authorities that are trusted beside the usual ones. */
  readonly ca: string | undefined
  /** Where the sites answer plain HTTP. */
  readonly httpPort: number
}

const OPTIONS = {
  format: { type: 'string' },
  output: { type: 'string', short: 'o' },
  rules: { type: 'string' },
  'min-severity': { type: 'string' },
  config: { type: 'string' },
  baseline: { type: 'string' },
  'write-baseline': { type: 'string' },
  'cache-dir': { type: 'string' },
  'no-cache': { type: 'boolean' },
  fix: { type: 'boolean' },
  staged: { type: 'boolean' },
  history: { type: 'boolean' },
  self: { type: 'boolean' },
  'no-ignore': { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  'list-rules': { type: 'boolean' },
  explain: { type: 'string' },
  yes: { type: 'boolean' },
  ca: { type: 'string' },
  'http-port': { type: 'string' },
} as const

/** Reads the arguments. @throws UsageError for what there is not */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parsed(args)
  return {
    paths: positionals,
    format: oneOf(values.format, FORMATS, 'format'),
    output: values.output,
    rules: values.rules
      ?.split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
    minSeverity: oneOf(values['min-severity'], SEVERITIES, 'min-severity'),
    config: values.config,
    baseline: values.baseline,
    writeBaseline: values['write-baseline'],
    cacheDir: values['cache-dir'],
    noCache: values['no-cache'] === true,
    fix: values.fix === true,
    staged: values.staged === true,
    history: values.history === true,
    self: values.self === true,
    noIgnore: values['no-ignore'] === true,
    verbose: values.verbose === true,
    quiet: values.quiet === true,
    help: values.help === true,
    version: values.version === true,
    listRules: values['list-rules'] === true,
    explain: values.explain,
    yes: values.yes === true,
    ca: values.ca,
    httpPort: portOf(values['http-port'] ?? '80'),
  }
}

function parsed(
  args: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error })
  }
}

function portOf(given: string): number {
  const port = Number(given)
  if (!/^\d{1,5}$/.test(given) || port < 1 || port > 65_535)
    throw new UsageError('--http-port is a number from 1 to 65535')
  return port
}

function oneOf<Word extends string>(given: string | undefined, words: readonly Word[], name: string): Word | undefined {
  if (given === undefined) return undefined
  const word = words.find((each) => each === given)
  if (word === undefined) throw new UsageError(`--${name} is one of ${words.join(', ')}`)
  return word
}
