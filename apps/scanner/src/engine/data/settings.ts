import { isMap, isPair, isScalar, isSeq, parseAllDocuments, type Node as YamlNode } from 'yaml'
import { readJson, type JsonNode } from './json.ts'
import type { FileKind } from '../files/file-kind.ts'
import type { Setting } from './setting.ts'

type Source = Setting['source']
/** Longer YAML is data, not configuration. */
const LONGEST_YAML = 300_000
const LONGEST_JSON = 1_000_000

/** All settings of a configuration file, in order. Of what is not well-formed, what can be read. */
export function settingsOf(kind: FileKind, text: string): Setting[] {
  switch (kind) {
    case 'env':
      return assignments(text, 'env')
    case 'shell':
      return inCommands(text, 0, 'shell')
    case 'dockerfile':
      return dockerfile(text)
    case 'ini':
      return assignments(text, 'ini')
    case 'yaml':
      return text.length > LONGEST_YAML ? [] : yaml(text)
    case 'json':
      return text.length > LONGEST_JSON ? [] : json(text)
    default:
      return []
  }
}

const ASSIGNMENT =
  /^([ \t]*(?:export[ \t]+)?)([A-Za-z_][\w.-]*)([ \t]*[=:][ \t]*)("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\n]*?)[ \t]*(?:[ \t]#[^\n]*)?\r?$/gm

/** `NAME=value`, a line each. */
function assignments(text: string, source: Source): Setting[] {
  return [...text.matchAll(ASSIGNMENT)].map((match) => {
    const [, indent = '', name = '', sign = '', raw = ''] = match
    const start = match.index + indent.length
    const valueStart = start + name.length + sign.length
    return setting({ path: [name], raw, valueStart, source, start })
  })
}

function setting(given: {
  path: readonly string[]
  raw: string
  valueStart: number
  source: Source
  start: number
}): Setting {
  const { path, raw, valueStart, source, start } = given
  const quoted = /^(["']).*\1$/s.test(raw)
  const value = quoted ? raw.slice(1, -1) : raw
  const from = quoted ? valueStart + 1 : valueStart
  const name = path.at(-1) ?? ''
  return {
    name,
    path,
    value,
    source,
    start,
    end: valueStart + raw.length,
    valueStart: from,
    valueEnd: from + value.length,
  }
}

const IN_COMMAND = /(?<=^|[\s;&|"'`(])([A-Z_][A-Z0-9_]{2,})=("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s;&|"'`)]*)/g

/** Variables that a command line sets: `NODE_ENV=test node x`, `cross-env A=1`, `export A=1`. */
function inCommands(text: string, offset: number, source: Source): Setting[] {
  return [...text.matchAll(IN_COMMAND)].flatMap((match) => {
    const [, name = '', raw = ''] = match
    const lineStart = text.lastIndexOf('\n', match.index) + 1
    if (/^\s*#/.test(text.slice(lineStart, match.index))) return []
    const start = match.index + offset
    return [setting({ path: [name], raw, valueStart: start + name.length + 1, source, start })]
  })
}

const INSTRUCTION = /^[ \t]*(ENV|ARG|RUN|CMD|ENTRYPOINT)[ \t]+((?:[^\\\n]|\\[^\n]|\\\r?\n)*)/gim

function dockerfile(text: string): Setting[] {
  return [...text.matchAll(INSTRUCTION)].flatMap((match) => {
    const [whole, word = '', rest = ''] = match
    const offset = match.index + whole.length - rest.length
    if (!/^(?:ENV|ARG)$/i.test(word)) return inCommands(rest, offset, 'dockerfile')
    const old = /^([A-Za-z_]\w*)([ \t]+)([^=\n][^\n]*)$/.exec(rest)
    if (old && !/^[A-Za-z_]\w*=/.test(rest)) {
      const [, name = '', gap = '', raw = ''] = old
      const valueStart = offset + name.length + gap.length
      return [setting({ path: [name], raw: raw.trimEnd(), valueStart, source: 'dockerfile', start: offset })]
    }
    return [...rest.matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s\\]*)/g)].map((pair) => {
      const [, name = '', raw = ''] = pair
      const start = offset + pair.index
      return setting({ path: [name], raw, valueStart: start + name.length + 1, source: 'dockerfile', start })
    })
  })
}

function json(text: string): Setting[] {
  const root = readJson(text)
  const settings: Setting[] = []
  if (root) fromJson(root, { path: [], text, settings })
  return settings
}

interface Into {
  readonly path: readonly string[]
  readonly text: string
  readonly settings: Setting[]
}

function fromJson(node: JsonNode, { path, text, settings }: Into): void {
  if (node.kind === 'object') {
    for (const { key, keyStart, value } of node.members) {
      const inner = [...path, key]
      if (value.kind !== 'value') {
        fromJson(value, { path: inner, text, settings })
        continue
      }
      const raw = text.slice(value.start, value.end)
      settings.push(setting({ path: inner, raw, valueStart: value.start, source: 'json', start: keyStart }))
      // What a script of package.json sets for the command that it runs.
      if (raw.startsWith('"') && raw.includes('=')) settings.push(...inCommands(raw, value.start, 'json'))
    }
  } else if (node.kind === 'array') {
    for (const item of node.items) {
      if (item.kind !== 'value') fromJson(item, { path, text, settings })
      else settings.push(...inCommands(text.slice(item.start, item.end), item.start, 'json'))
    }
  }
}

function yaml(text: string): Setting[] {
  const settings: Setting[] = []
  try {
    for (const document of parseAllDocuments(text, { strict: false, uniqueKeys: false, logLevel: 'silent' })) {
      fromYaml(document.contents, { path: [], text, settings })
    }
  } catch {
    return settings // Such as aliases that multiply without end: what was read so far is what there is.
  }
  return settings
}

function fromYaml(node: unknown, { path, text, settings }: Into): void {
  if (isMap(node)) {
    for (const pair of node.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue
      const inner = [...path, String(pair.key.value)]
      const start = (pair.key as YamlNode & { range?: number[] }).range?.[0] ?? 0
      if (isScalar(pair.value)) fromScalar(pair.value as Scalar, start, { path: inner, text, settings })
      else fromYaml(pair.value, { path: inner, text, settings })
    }
  } else if (isSeq(node)) {
    for (const item of node.items) {
      if (!isScalar(item)) {
        fromYaml(item, { path, text, settings })
        continue
      }
      const [start = 0, end = 0] = (item as Scalar).range ?? []
      settings.push(...listItem(text.slice(start, end), start, path))
    }
  }
}

type Scalar = YamlNode & { value: unknown; range?: number[] }

function fromScalar(scalar: Scalar, start: number, { path, text, settings }: Into): void {
  const [valueStart = start, valueEnd = start] = scalar.range ?? []
  const raw = text.slice(valueStart, valueEnd)
  settings.push(setting({ path, raw, valueStart, source: 'yaml', start }))
  if (raw.includes('=')) settings.push(...inCommands(raw, valueStart, 'yaml'))
}

/** `- NAME=value` of a compose file; anything else may be a command. */
function listItem(raw: string, start: number, path: readonly string[]): Setting[] {
  const match = /^(["']?)([A-Za-z_]\w*)=(.*)\1$/s.exec(raw)
  if (!match) return inCommands(raw, start, 'yaml')
  const [, quote = '', name = '', value = ''] = match
  const at = start + quote.length
  return [setting({ path: [...path, name], raw: value, valueStart: at + name.length + 1, source: 'yaml', start: at })]
}
