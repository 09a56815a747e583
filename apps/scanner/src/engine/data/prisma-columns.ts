import type { Column } from './column.ts'

const MODEL = /^[ \t]*(?:model|type|view)[ \t]+(\w+)[ \t]*\{([^}]*)\}/gm
const FIELD = /^([ \t]*)(\w+)([ \t]+)(\w+(?:\[\])?\??)([^\n]*)/gm

/** The fields of the models in a Prisma schema. */
export function prismaColumns(text: string): Column[] {
  const columns: Column[] = []
  for (const model of text.matchAll(MODEL)) {
    const [whole, table = '', body = ''] = model
    const from = model.index + whole.length - body.length - 1
    for (const field of body.matchAll(FIELD)) {
      const [line, indent = '', name = '', , type = ''] = field
      const nameStart = from + field.index + indent.length
      columns.push({
        table,
        name,
        type: type.replace(/\?$/, '').toLowerCase(),
        source: 'prisma',
        start: nameStart,
        end: from + field.index + line.trimEnd().length,
        nameStart,
        nameEnd: nameStart + name.length,
      })
    }
  }
  return columns
}
