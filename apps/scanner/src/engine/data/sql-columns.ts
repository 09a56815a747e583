import type { Column } from './column.ts'

const CREATE =
  /\bcreate\s+(?:(?:global|local|temp|temporary|unlogged|foreign|external)\s+)*table\s+(?:if\s+not\s+exists\s+)?([\w."`[\]]+)\s*\(/gi
const ALTER = /\balter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?([\w."`[\]]+)\s+((?:[^;'"]|'[^']*'|"[^"]*")*)/gi
const ADD = /\badd\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?(["`[]?)(\w+)["`\]]?\s+([a-z]\w*(?:\s*\([^)]*\))?)/gi
const NO_COLUMN = /^(?:constraint|primary|foreign|unique|check|exclude|key|index|fulltext|spatial|like|period)\b/i

/** The columns that SQL declares, in `create table` and `alter table … add`. */
export function sqlColumns(text: string, offset = 0): Column[] {
  const plain = withoutComments(text)
  const columns: Column[] = []
  for (const match of plain.matchAll(CREATE)) {
    const table = bare(match[1] ?? '')
    const from = match.index + match[0].length
    for (const part of partsOf(plain, from)) {
      const column = columnIn(plain, part, { table, offset })
      if (column) columns.push(column)
    }
  }
  for (const match of plain.matchAll(ALTER)) {
    const [whole, name = '', rest = ''] = match
    const at = match.index + whole.length - rest.length
    for (const added of rest.matchAll(ADD)) columns.push(addedColumn(added, { table: bare(name), offset: offset + at }))
  }
  return columns
}

function addedColumn(match: RegExpExecArray, { table, offset }: { table: string; offset: number }): Column {
  const [whole, , name = '', type = ''] = match
  const head = whole.length - type.length
  const nameAt = whole.slice(0, head).lastIndexOf(name)
  const start = offset + match.index
  const nameStart = start + nameAt
  return {
    table,
    name,
    type: type.toLowerCase(),
    source: 'sql',
    start,
    end: start + whole.length,
    nameStart,
    nameEnd: nameStart + name.length,
  }
}

function columnIn(
  text: string,
  { start, end }: { start: number; end: number },
  { table, offset }: { table: string; offset: number },
): Column | undefined {
  const match = /^(\s*)(["`[]?)(\w+)["`\]]?\s+([a-z][\w ]*?(?:\s*\([^)]*\))?)(?=\s|$|,)/i.exec(text.slice(start, end))
  if (!match) return undefined
  const [, space = '', quote = '', name = '', type = ''] = match
  if (quote === '' && NO_COLUMN.test(name)) return undefined
  const nameStart = offset + start + space.length + quote.length
  return {
    table,
    name,
    type: type.trim().toLowerCase(),
    source: 'sql',
    start: offset + start + space.length,
    end: offset + end,
    nameStart,
    nameEnd: nameStart + name.length,
  }
}

/** What stands between the commas of a list in parentheses. */
function partsOf(text: string, from: number): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = []
  let depth = 0
  let start = from
  for (let at = from; at < text.length && at < from + 100_000; at++) {
    const sign = text[at]
    if (sign === "'") {
      const close = text.indexOf("'", at + 1)
      at = close < 0 ? text.length : close
    } else if (sign === '(') depth++
    else if (sign === ')') {
      if (depth-- === 0) return [...parts, { start, end: at }]
    } else if (sign === ',' && depth === 0) {
      parts.push({ start, end: at })
      start = at + 1
    }
  }
  return parts
}

function withoutComments(text: string): string {
  return text.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, (part) =>
    part.startsWith("'") ? part : part.replace(/[^\n]/g, ' '),
  )
}

function bare(name: string): string {
  return name.replace(/["`[\]]/g, '')
}
