import { posix } from 'node:path'

/** What a file is to the scanner. `text` is any other text: searched for secrets and card numbers alone. */
export type FileKind =
  | 'code'
  | 'page'
  | 'json'
  | 'yaml'
  | 'env'
  | 'dockerfile'
  | 'sql'
  | 'prisma'
  | 'shell'
  | 'ini'
  | 'log'
  | 'data'
  | 'markdown'
  | 'text'

const BY_EXTENSION: Readonly<Record<string, FileKind>> = {
  '.vue': 'page',
  '.svelte': 'page',
  '.html': 'page',
  '.htm': 'page',
  '.json': 'json',
  '.jsonc': 'json',
  '.json5': 'json',
  '.webmanifest': 'json',
  '.map': 'json',
  '.yml': 'yaml',
  '.yaml': 'yaml',
  '.sql': 'sql',
  '.ddl': 'sql',
  '.prisma': 'prisma',
  '.sh': 'shell',
  '.bash': 'shell',
  '.zsh': 'shell',
  '.ini': 'ini',
  '.conf': 'ini',
  '.cfg': 'ini',
  '.toml': 'ini',
  '.properties': 'ini',
  '.log': 'log',
  '.csv': 'data',
  '.tsv': 'data',
  '.ndjson': 'data',
  '.jsonl': 'data',
  '.xml': 'data',
  '.md': 'markdown',
  '.mdx': 'markdown',
}

const BY_NAME: readonly (readonly [RegExp, FileKind])[] = [
  [/^\.env(?:\..+)?$|\.env$|^env\.(?:example|sample|template)$/, 'env'],
  [/^(?:Dockerfile|Containerfile)(?:\..+)?$|\.dockerfile$/i, 'dockerfile'],
  [/^\.(?:npmrc|yarnrc|curlrc|gitconfig|netrc|pgpass)$/, 'ini'],
  [/^(?:\.babelrc|\.eslintrc|\.prettierrc)$/, 'json'],
  [/\.log(?:\.\d+)?$/, 'log'],
  [/^(?:\.husky\/.*|\.bashrc|\.profile|\.zshrc)$/, 'shell'],
]

/** What kind of file a path names. */
export function kindOf(path: string): FileKind {
  const name = posix.basename(path)
  const byName = BY_NAME.find(([pattern]) => pattern.test(name))
  if (byName) return byName[1]
  if (/\.[cm]?[jt]sx?$/i.test(name)) return 'code'
  return BY_EXTENSION[posix.extname(name).toLowerCase()] ?? 'text'
}
