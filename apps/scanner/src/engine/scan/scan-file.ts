import { jsxElements } from '../data/jsx-elements.ts'
import { htmlElements } from '../data/html-elements.ts'
import { prismaColumns } from '../data/prisma-columns.ts'
import type { Column } from '../data/column.ts'
import type { Setting } from '../data/setting.ts'
import { settingsOf } from '../data/settings.ts'
import { sqlColumns } from '../data/sql-columns.ts'
import type { Finding } from '../findings/finding.ts'
import { holdsCode, type Project } from '../modules/project.ts'
import type { Rule } from '../rule.ts'
import type { Evaluator } from '../values/evaluator.ts'
import { hasWords, isSilentIn } from './applicable.ts'
import { scanCode } from './code-walk.ts'
import { Reports } from './reports.ts'
import { OpenFile } from './scanned-file.ts'

/** What a scan needs to know of its surroundings. */
export interface Surroundings {
  readonly rules: readonly Rule[]
  readonly project: Project
  readonly evaluator: Evaluator
}

/** Everything that the rules find in one file. A finding may lie in another one, where a value came from there. */
export function scanFile(path: string, text: string, { rules, project, evaluator }: Surroundings): Finding[] {
  const file = new OpenFile(path, text)
  const heard = rules.filter((rule) => !isSilentIn(rule, file.contexts))
  const active = heard.filter((rule) => hasWords(rule, text))
  // Words of a rule may be in a function of another file alone, which is called from here.
  const entering = heard.filter(({ on }) => on.calls ?? on.sinks)
  const reports = new Reports(file, project)
  if (active.length + entering.length > 0) {
    const wantsCode = entering.length > 0 || active.some(({ on }) => on.nodes ?? on.code)
    const wantsData = active.some(({ on }) => on.elements ?? on.settings ?? on.columns)
    const module = holdsCode(path) && (wantsCode || wantsData) ? project.module(path, text) : undefined
    if (module) file.useComments(module.tree.comments)
    for (const rule of active) if (rule.on.text) checkText(rule, file, reports)
    checkSettings(active, settingsOf(file.kind, text), reports)
    checkColumns(active, plainColumns(file), reports)
    if (file.kind === 'page') checkElements(active, htmlElements(text), reports)
    if (module) {
      if (active.some(({ on }) => on.elements)) checkElements(active, jsxElements(module, evaluator), reports)
      scanCode(active, module, { evaluator, reports, entering, onSettings: checkSettings, onColumns: checkColumns })
    }
  }
  return reports.findings()
}

function checkText(rule: Rule, file: OpenFile, reports: Reports): void {
  const { text } = rule.on
  if (!text || (text.kinds && !text.kinds.includes(file.kind))) return
  text.check(reports.scanOf(rule))
}

function checkSettings(rules: readonly Rule[], settings: readonly Setting[], reports: Reports): void {
  for (const rule of rules) {
    const { settings: check } = rule.on
    if (!check) continue
    const scan = reports.scanOf(rule)
    for (const setting of settings) check(setting, scan)
  }
}

function plainColumns({ kind, text }: OpenFile): Column[] {
  if (kind === 'sql') return sqlColumns(text)
  return kind === 'prisma' ? prismaColumns(text) : []
}

function checkColumns(rules: readonly Rule[], columns: readonly Column[], reports: Reports): void {
  for (const rule of rules) {
    const { columns: check } = rule.on
    if (!check) continue
    const scan = reports.scanOf(rule)
    for (const column of columns) check(column, scan)
  }
}

function checkElements(rules: readonly Rule[], elements: ReturnType<typeof htmlElements>, reports: Reports): void {
  for (const rule of rules) {
    const { elements: check } = rule.on
    if (!check) continue
    const scan = reports.scanOf(rule)
    for (const element of elements) check(element, scan)
  }
}
