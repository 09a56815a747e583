import type { FileKind } from '../files/file-kind.ts'

/** How comments are written, by kind of file. Those of code come from the parser, which knows them from texts. */
const BY_KIND: Partial<Record<FileKind, RegExp>> = {
  yaml: /(?<=^|\s)#[^\n]*/gm,
  env: /(?<=^|\s)#[^\n]*/gm,
  shell: /(?<=^|\s)#[^\n]*/gm,
  dockerfile: /^\s*#[^\n]*/gm,
  ini: /^\s*[#;][^\n]*/gm,
  sql: /--[^\n]*|\/\*[\s\S]*?\*\//g,
  prisma: /\/\/[^\n]*/g,
  page: /<!--[\s\S]*?-->/g,
  json: /^\s*\/\/[^\n]*/gm,
}

/** Where a file's comments are. */
export function commentsOf(kind: FileKind, text: string): { start: number; end: number }[] {
  const pattern = BY_KIND[kind]
  if (!pattern) return []
  return [...text.matchAll(pattern)].map(({ index, 0: { length } }) => ({ start: index, end: index + length }))
}
