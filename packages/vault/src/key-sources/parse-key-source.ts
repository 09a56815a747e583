import { KeySourceError } from '../key-encryption.ts'
import { awsKmsSource } from './aws-kms-source.ts'
import { errorCode } from './error-code.ts'
import { gcpKmsSource } from './gcp-kms-source.ts'
import type { KeySource } from './key-source.ts'
import { ringSource } from './ring-source.ts'
import { transitSource } from './transit-source.ts'

/** How settings, files and the environment are read: again whenever a key or a token may have changed. */
export interface KeySourceReading {
  /** @throws KeySourceError, which is told as it is; or the error of `node:fs`, of which only the code is told */
  readonly readFile: (path: string) => string
  /** Reads a file that anybody may read: certificates. `readFile` where absent. */
  readonly readPublicFile?: (path: string) => string
  readonly readEnvironment: (name: string) => string | undefined
}

type Opener = (rest: string, reading: KeySourceReading) => KeySource | Promise<KeySource>

const OPENERS = new Map<string, Opener>([
  ['file', (rest, reading) => openFile(filePath(rest), reading)],
  ['env', openEnvironment],
  ['transit', openTransit],
  ['aws-kms', openAwsKms],
  ['gcp-kms', (rest) => gcpKmsSource({ keyName: rest })],
])

/**
 * The source that a setting names:
 *
 * - `/path` or `file:/path`: a key ring in a file; `env:NAME`: its text in the environment
 * - `transit:https://host:8200/v1/<mount>/<key>?token-file=/path` (or `token-env=NAME`), with `&ca-file=/path` and
 *   `&namespace=x` where needed
 * - `aws-kms:arn:aws:kms:…` of a key or an alias, with `?endpoint=…` where needed
 * - `gcp-kms:projects/…/locations/…/keyRings/…/cryptoKeys/…`
 *
 * @throws KeySourceError in one line, which never quotes the setting: a key may have been put in its place by mistake
 */
export async function openKeySource(spec: string, reading: KeySourceReading): Promise<KeySource> {
  // Two letters at least, so that a drive of Windows is no scheme.
  const [, scheme, rest] = /^([a-z][a-z0-9-]+):(.*)$/s.exec(spec) ?? []
  if (scheme === undefined || rest === undefined) return openFile(spec, reading)
  const open = OPENERS.get(scheme)
  if (!open) throw new KeySourceError('the key source is none of file:, env:, transit:, aws-kms:, gcp-kms: and no path')
  return open(rest, reading)
}

function openFile(path: string, { readFile }: KeySourceReading): KeySource {
  if (!/^[^\p{Cc}{}"]+$/u.test(path)) {
    throw new KeySourceError('the key source is not a path: for a key ring in the environment, write env:NAME')
  }
  return ringSource(() => readFile(path))
}

function filePath(rest: string): string {
  const path = rest.replace(/^\/\/(?=\/)/, '')
  if (!/^\/(?!\/)/.test(path)) throw new KeySourceError('the key source file: is not of the form file:/path')
  return path
}

function openEnvironment(name: string, { readEnvironment }: KeySourceReading): KeySource {
  requireVariableName(name)
  return ringSource(() => readVariable(name, readEnvironment))
}

function openTransit(rest: string, reading: KeySourceReading): KeySource {
  const url = URL.canParse(rest) ? new URL(rest) : undefined
  const [, mount, key] = /^\/v1\/(.+)\/([^/]+)$/.exec(url?.pathname ?? '') ?? []
  if (url?.protocol !== 'https:' || url.username || url.password || url.hash || !mount || !key) {
    throw new KeySourceError('the key source transit: is not of the form transit:https://host:8200/v1/transit/<key>?…')
  }
  const options = readOptions(url.searchParams, ['token-file', 'token-env', 'ca-file', 'namespace'])
  const { 'ca-file': caFile, namespace } = options
  return transitSource({
    address: url.origin,
    mount,
    key,
    token: tokenReader(options, reading),
    ...(caFile !== undefined && { ca: readCertificates(caFile, reading) }),
    ...(namespace !== undefined && { namespace }),
  })
}

function tokenReader(options: Readonly<Record<string, string>>, reading: KeySourceReading): () => string {
  const { 'token-file': file, 'token-env': variable } = options
  if (file !== undefined && variable === undefined) return () => reading.readFile(file)
  if (file !== undefined || variable === undefined) {
    throw new KeySourceError('the key source transit: needs one of token-file=/path and token-env=NAME')
  }
  requireVariableName(variable)
  return () => readVariable(variable, reading.readEnvironment)
}

function readCertificates(path: string, { readFile, readPublicFile = readFile }: KeySourceReading): string {
  let text: string
  try {
    text = readPublicFile(path)
  } catch (error) {
    if (error instanceof KeySourceError) throw error
    throw new KeySourceError(`the ca-file of the key source transit: cannot be read (${errorCode(error)})`)
  }
  // Any other text would be no authority at all, and every request would fail with a riddle.
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new KeySourceError('the ca-file of the key source transit: holds no certificate in PEM')
  }
  return text
}

function openAwsKms(rest: string): Promise<KeySource> {
  const at = rest.indexOf('?')
  if (at === -1) return awsKmsSource({ keyId: rest })
  const { endpoint } = readOptions(new URLSearchParams(rest.slice(at)), ['endpoint'])
  return awsKmsSource({ keyId: rest.slice(0, at), ...(endpoint !== undefined && { endpoint }) })
}

function readOptions(parameters: URLSearchParams, known: readonly string[]): Readonly<Record<string, string>> {
  const names = [...parameters.keys()]
  const isKnown = names.every((name) => known.includes(name)) && new Set(names).size === names.length
  if (!isKnown || [...parameters.values()].includes('')) {
    throw new KeySourceError(`the key source takes each of these options once, and no others: ${known.join(', ')}`)
  }
  return Object.fromEntries(parameters)
}

function requireVariableName(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name)) {
    throw new KeySourceError('the key source does not name a variable of the environment: letters, digits and _')
  }
}

function readVariable(name: string, readEnvironment: KeySourceReading['readEnvironment']): string {
  const text = readEnvironment(name)
  if (text === undefined || text === '') throw new KeySourceError(`the environment has no ${name}: set it`)
  return text
}
