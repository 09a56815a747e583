import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from './command-line.ts'
import { readConfig } from './engine/modules/loose-json.ts'
import { SEVERITIES, type Severity } from './engine/severity.ts'

/** What `ucanpay-audit.config.json` says (schema: apps/scanner/config.schema.json). */
export interface ScanConfig {
  /** Globs, relative to the folder that is scanned. */
  readonly exclude: readonly string[]
  /** `off`, or another severity than the rule's own. */
  readonly rules: Readonly<Record<string, Severity | 'off'>>
  readonly minSeverity: Severity | undefined
  readonly baseline: string | undefined
}

const NAME = 'ucanpay-audit.config.json'
const KNOWN = new Set(['$schema', 'exclude', 'rules', 'minSeverity', 'baseline'])

/**
 * Reads the configuration of a project; there need not be one.
 *
 * @param path of the file, where one was named
 * @throws UsageError where it says what there is not
 */
export function readScanConfig(root: string, path: string | undefined, ruleIds: ReadonlySet<string>): ScanConfig {
  const file = path ?? join(root, NAME)
  if (!existsSync(file)) {
    if (path !== undefined) throw new UsageError(`there is no ${path}`)
    return { exclude: [], rules: {}, minSeverity: undefined, baseline: undefined }
  }
  const value = readConfig(readFileSync(file, 'utf8'))
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new UsageError(`${file}: not an object in JSON`)
  return checked(value as Record<string, unknown>, file, ruleIds)
}

function checked(value: Record<string, unknown>, file: string, ruleIds: ReadonlySet<string>): ScanConfig {
  const complain = (what: string): never => {
    throw new UsageError(`${file}: ${what}`)
  }
  for (const key of Object.keys(value)) if (!KNOWN.has(key)) complain(`${key} is not known`)
  const { exclude = [], rules = {}, minSeverity, baseline } = value
  if (!Array.isArray(exclude) || exclude.some((glob) => typeof glob !== 'string'))
    complain('exclude is a list of globs')
  if (rules === null || typeof rules !== 'object') complain('rules is an object')
  for (const [id, level] of Object.entries(rules as object)) {
    if (!ruleIds.has(id)) complain(`there is no rule ${id}`)
    if (level !== 'off' && !SEVERITIES.includes(level as Severity))
      complain(`rules.${id} is off, ${SEVERITIES.join(', ')}`)
  }
  if (minSeverity !== undefined && !SEVERITIES.includes(minSeverity as Severity))
    complain(`minSeverity is one of ${SEVERITIES.join(', ')}`)
  if (baseline !== undefined && typeof baseline !== 'string') complain('baseline is the path of a file')
  return {
    exclude: exclude as string[],
    rules: rules as ScanConfig['rules'],
    minSeverity: minSeverity as Severity | undefined,
    baseline: baseline as string | undefined,
  }
}
