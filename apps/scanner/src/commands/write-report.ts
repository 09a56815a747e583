import { writeFileSync } from 'node:fs'
import type { CommandLine, Format } from '../command-line.ts'
import type { Environment } from '../config.ts'
import { ownVersion } from '../installation.ts'
import { html } from '../reporters/html.ts'
import { json } from '../reporters/json.ts'
import { junit } from '../reporters/junit.ts'
import { markdown } from '../reporters/markdown.ts'
import { oscal } from '../reporters/oscal.ts'
import { sarif } from '../reporters/sarif.ts'
import { terminal } from '../reporters/terminal.ts'
import type { AuditReport, Reporter } from '../reporters/report.ts'

const REPORTERS: Readonly<Record<Format, Reporter>> = { terminal, json, sarif, junit, html, markdown, oscal }

/** Writes a report in the format and to the place that were asked for; for people, and to standard output, where none was. */
export function writeReport(
  { format = 'terminal', output }: CommandLine,
  { colour }: Environment,
  report: Omit<AuditReport, 'version'>,
): void {
  const text = REPORTERS[format]({ ...report, version: ownVersion() }, { colour: colour && output === undefined })
  if (output === undefined) process.stdout.write(text)
  else writeFileSync(output, text)
}
