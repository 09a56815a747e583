import { readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { KeySourceError } from '@ucanpay/vault/key-encryption'
import type { openKeySource } from '@ucanpay/vault/key-sources/parse-key-source'
import { parseArgs } from 'node:util'

import { parsePlatformKeys } from './domain/signatures/platform-keys.ts'
import { transportProblems } from './transport-files.ts'
import type { MailPlace } from './outbound/mail.ts'
import type { Limits } from './http/plugins/rate-limits.ts'
import type { VaultPlace } from './outbound/vault-connection.ts'

/** What a process serves. */
export const ROLES = ['api', 'checkout', 'dashboard', 'worker', 'vault', 'all'] as const
export type Role = (typeof ROLES)[number]

/** Everything that a gateway is told from outside, read once. Secrets are texts of files that only we can read. */
export interface Config {
  readonly role: Role
  readonly host: string
  readonly apiPort: number
  readonly checkoutPort: number
  readonly dashboardPort: number
  /** A port on which every request is refused, for clients that forget the `s`; none where undefined. */
  readonly httpPort: number | undefined
  /** Addresses and ranges of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[]
  readonly limits: Limits
  /** The origins under which the world sees us; the ports above, where no proxy stands before them. */
  readonly checkoutUrl: string
  readonly dashboardUrl: string
  readonly databaseUrl: string
  readonly databaseConnections: number
  /** A database of its own for the keys of customers; a schema of the same one where undefined. */
  readonly keyStoreUrl: string | undefined
  readonly tlsCert: string
  readonly tlsKey: string
  /** Where the key-encryption keys are; see packages/vault. Undefined where the vault is another process. */
  readonly keySources: KeySources | undefined
  /** Where that process is, and who we are to it. */
  readonly vault: VaultPlace | undefined
  readonly vaultPort: number
  /** PEM of the authority of the vault's clients; the vault alone has one. */
  readonly vaultClientCa: string | undefined
  /** A private JWK Set; see domain/signatures. Undefined for a role that signs nothing. */
  readonly signingKeys: string | undefined
  /** PEM certificates trusted for notifications beside the usual roots. */
  readonly extraCa: readonly string[]
  /** Where links to members are mailed from; undefined: they are handed out by command line alone. */
  readonly mail: MailPlace | undefined
  /** security.txt (RFC 9116), as the operator wrote it; none is served where undefined. */
  readonly securityText: string | undefined
  /** Standard output where absent. */
  readonly logFile: string | undefined
  /** The built checkout. */
  readonly checkoutFolder: string
  readonly dashboardFolder: string
}

/** What is wrong with the configuration: one line each, with what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

export const HELP = `ucanpay serve [--role api|checkout|dashboard|worker|vault|all]

Serves the gateway, over HTTPS, on a PostgreSQL 15 or newer.

  DATABASE_URL              postgresql://…
  UCANPAY_KEY_STORE_URL     postgresql://… of the customers' keys; a schema of DATABASE_URL's where unset (docs/operations.md)
  UCANPAY_TLS_CERT, _KEY    files: certificate chain and private key, PEM
  UCANPAY_KEY_RING          what wraps the data keys: the path of a key ring, env:NAME of a variable that holds one,
                            transit:https://vault:8200/v1/transit/ucanpay?token-file=/path (HashiCorp Vault, OpenBao),
                            aws-kms:arn:… or gcp-kms:projects/…/cryptoKeys/…
  UCANPAY_PREVIOUS_KEY_SOURCES  sources that wrapped before, with commas between, until vault rotate has moved all keys
  UCANPAY_SIGNING_KEYS      file: the private JWK Set that signs answers and notifications
  UCANPAY_PORT              the API's port, 8443 where unset; the checkout's and the dashboard's are the next two
  UCANPAY_HOST              the address to listen on, 127.0.0.1 where unset
  UCANPAY_CHECKOUT_URL      the checkout's origin as buyers see it
  UCANPAY_DASHBOARD_URL     the dashboard's origin as members see it; passkeys are good there alone
  UCANPAY_SMTP_URL          where invitations and password links are mailed: smtps://user:password@host, or smtp://…
                            with STARTTLS; where unset, ucanpay members hands links out
  UCANPAY_MAIL_FROM         the address that they come from, e.g. UCanPay <no-reply@example.org>
  UCANPAY_EXTRA_CA          file: certificates to trust for notifications beside the usual roots
  UCANPAY_SECURITY_TXT      file: what is served as /.well-known/security.txt (RFC 9116); nothing where unset
  UCANPAY_LOG_FILE          file: standard output where unset
  UCANPAY_DB_CONNECTIONS    10 where unset
  UCANPAY_HTTP_PORT         a plain HTTP port that answers 403 and revokes keys sent to it; none where unset
  UCANPAY_TRUSTED_PROXIES   addresses and ranges whose X-Forwarded-For is believed, with commas between; none where unset
  UCANPAY_RATE_LIMIT        requests a second of one API key, 100 where unset
  UCANPAY_IP_RATE_LIMIT     requests a second of one address without a good key, 50 where unset

With --role all, one process does everything. With a process for each role, the vault alone holds the key ring and sees
card numbers; the others ask it over mutual TLS, and refuse to start with a key ring of their own. Certificates for all
of them: ucanpay vault certificates.

  UCANPAY_VAULT_PORT        the vault: its port, 8447 where unset
  UCANPAY_VAULT_CLIENT_CA   the vault, a file: the authority of its clients' certificates, PEM
  UCANPAY_VAULT_URL         the others: where the vault is, https://…
  UCANPAY_VAULT_CA          the others, a file: the authority of the vault's certificate, PEM
  UCANPAY_VAULT_CERT, _KEY  the others, files: the role's client certificate and its key, PEM

Files with secrets must be readable by their owner alone (chmod 600).`

type Environment = Readonly<Record<string, string | undefined>>

/** The built front ends: each has index.html and assets/. */
export type Folders = Pick<Config, 'checkoutFolder' | 'dashboardFolder'>

/**
 * Reads the configuration of `ucanpay serve`.
 *
 * @throws ConfigError with every problem at once, so that mending takes one round
 */
export function readConfig(args: readonly string[], folders: Folders): Config {
  const environment: Environment = process.env
  const problems: string[] = []
  const secret = (name: string): string => readSecretFile(environment, { name, problems })
  const role = readRole(args, problems)
  const opensVault = role === 'vault' || role === 'all'
  const signs = role !== 'vault' && role !== 'checkout'
  const apiPort = readNumber(environment, { name: 'UCANPAY_PORT', fallback: 8443, problems })
  const host = environment['UCANPAY_HOST'] ?? '127.0.0.1'
  const databaseUrl = readDatabase(environment, problems)
  const extraCa = environment['UCANPAY_EXTRA_CA']
  const config: Config = {
    role,
    host,
    apiPort,
    checkoutPort: apiPort + 1,
    dashboardPort: apiPort + 2,
    httpPort: optionalNumber(environment, { name: 'UCANPAY_HTTP_PORT', problems }),
    trustedProxies: readProxies(environment['UCANPAY_TRUSTED_PROXIES'] ?? '', problems),
    limits: {
      perKeyPerS: readNumber(environment, { name: 'UCANPAY_RATE_LIMIT', fallback: 100, problems }),
      perIpPerS: readNumber(environment, { name: 'UCANPAY_IP_RATE_LIMIT', fallback: 50, problems }),
      failuresInARow: 20,
    },
    checkoutUrl: readOrigin(environment, {
      name: 'UCANPAY_CHECKOUT_URL',
      fallback: `https://${host}:${apiPort + 1}`,
      problems,
    }),
    dashboardUrl: readOrigin(environment, {
      name: 'UCANPAY_DASHBOARD_URL',
      fallback: `https://${host}:${apiPort + 2}`,
      problems,
    }),
    mail: readMail(environment, problems),
    databaseUrl,
    databaseConnections: readNumber(environment, { name: 'UCANPAY_DB_CONNECTIONS', fallback: 10, problems }),
    keyStoreUrl: readDatabaseUrl(environment, 'UCANPAY_KEY_STORE_URL', problems),
    tlsCert: readPlainFile(environment, { name: 'UCANPAY_TLS_CERT', problems }),
    tlsKey: secret('UCANPAY_TLS_KEY'),
    keySources: opensVault ? readKeySources(environment, problems) : undefined,
    vault: opensVault ? undefined : readVaultPlace(environment, role, problems),
    vaultPort: readNumber(environment, { name: 'UCANPAY_VAULT_PORT', fallback: 8447, problems }),
    vaultClientCa:
      role === 'vault' ? readPlainFile(environment, { name: 'UCANPAY_VAULT_CLIENT_CA', problems }) : undefined,
    signingKeys: signs ? secret('UCANPAY_SIGNING_KEYS') : undefined,
    extraCa: extraCa === undefined ? [] : [readPlainFile(environment, { name: 'UCANPAY_EXTRA_CA', problems })],
    securityText: readSecurityText(environment, problems),
    logFile: environment['UCANPAY_LOG_FILE'],
    ...folders,
  }
  problems.push(
    ...transportProblems({ name: 'UCANPAY_TLS', cert: config.tlsCert, key: config.tlsKey }, new Date()),
    ...passwordProblems(databaseUrl),
    ...(config.signingKeys === undefined ? [] : signingKeyProblems(config.signingKeys)),
  )
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config)
}

function readDatabase(environment: Environment, problems: string[]): string {
  const databaseUrl = environment['DATABASE_URL'] ?? ''
  if (!/^postgres(?:ql)?:\/\//.test(databaseUrl))
    problems.push('DATABASE_URL is not set: give the address of a PostgreSQL 15 or newer, postgresql://…')
  return databaseUrl
}

function signingKeyProblems(text: string): string[] {
  if (text === '') return [] // That it is missing has been said already.
  try {
    parsePlatformKeys(text)
    return []
  } catch (error) {
    return [`UCANPAY_SIGNING_KEYS: ${(error as Error).message}; docs/operations.md tells how to make them`]
  }
}

/** Passwords that are tried first, and the ones that examples have. */
const WORN_OUT =
  /^(?:postgres|postgresql|password|passwd|secret|changeme|change-me|ucanpay|admin|root|test|example|letmein|[0-9]*|(.)\1*)$/i
const SHORTEST_PASSWORD = 12

/** A password in the address of the database that guessing finds (PCI DSS 2.2.2). None at all is a matter of the server. */
function passwordProblems(databaseUrl: string): string[] {
  if (!URL.canParse(databaseUrl)) return []
  const { username, password } = new URL(databaseUrl)
  if (password === '') return []
  const plain = decodeURIComponent(password)
  if (plain.length >= SHORTEST_PASSWORD && !WORN_OUT.test(plain) && plain !== username) return []
  return ['DATABASE_URL: the password is a default or too easy to guess; set one of 12 random characters or more']
}

/** Sources of key-encryption keys: one wraps, the others open what they have wrapped. */
export interface KeySources {
  readonly active: string
  readonly previous: readonly string[]
  /** How files and variables that a source names are read. */
  readonly reading: Parameters<typeof openKeySource>[1]
}

/** Reads where the key-encryption keys are. Nothing is opened yet. */
export function readKeySources(environment: Environment, problems: string[]): KeySources {
  const active = environment['UCANPAY_KEY_RING'] ?? ''
  if (active === '') problems.push('UCANPAY_KEY_RING is not set: give the path of a key ring, or a key source (--help)')
  const previous = (environment['UCANPAY_PREVIOUS_KEY_SOURCES'] ?? '').split(',').map((spec) => spec.trim())
  return {
    active,
    previous: previous.filter(Boolean),
    reading: {
      readFile: readKeptFile,
      readPublicFile: (file) => readFileSync(file, 'utf8'),
      readEnvironment: (name) => environment[name],
    },
  }
}

/** Reads a file that holds a secret. @throws KeySourceError where others can read it, too */
export function readKeptFile(file: string): string {
  const others = statSync(file).mode & 0o077
  if (others !== 0) throw new KeySourceError(`${file} can be read by others; run chmod 600 on it`)
  return readFileSync(file, 'utf8')
}

/** Where the vault is, for a role that asks it. A key ring beside it would undo the separation. */
function readVaultPlace(environment: Environment, role: Role, problems: string[]): VaultPlace {
  for (const name of ['UCANPAY_KEY_RING', 'UCANPAY_PREVIOUS_KEY_SOURCES', 'UCANPAY_KEY_STORE_URL']) {
    if (environment[name] !== undefined)
      problems.push(`${name}: the vault alone holds keys; take it out of the environment of --role ${role}`)
  }
  const url = environment['UCANPAY_VAULT_URL'] ?? ''
  if (!isHttpsOrigin(url)) {
    problems.push(
      'UCANPAY_VAULT_URL is not an https origin, e.g. https://vault.internal:8447: start ucanpay serve --role vault there, or serve everything in one process with --role all',
    )
  }
  const cert = readPlainFile(environment, { name: 'UCANPAY_VAULT_CERT', problems })
  const key = readSecretFile(environment, { name: 'UCANPAY_VAULT_KEY', problems })
  problems.push(...transportProblems({ name: 'UCANPAY_VAULT', cert, key }, new Date()))
  return { url, ca: readPlainFile(environment, { name: 'UCANPAY_VAULT_CA', problems }), cert, key }
}

function isHttpsOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && text.startsWith('https://')
}

interface Reading {
  readonly name: string
  readonly problems: string[]
}

function readRole(args: readonly string[], problems: string[]): Role {
  const { values } = parseArgs({ args: [...args], options: { role: { type: 'string', default: 'all' } }, strict: true })
  const role = ROLES.find((name) => name === values.role)
  if (!role) problems.push(`--role is one of ${ROLES.join(', ')}`)
  return role ?? 'all'
}

function readNumber(environment: Environment, { name, fallback, problems }: Reading & { fallback: number }): number {
  const text = environment[name]
  if (text === undefined) return fallback
  const value = Number(text)
  if (!/^[0-9]{1,5}$/.test(text) || value < 1 || value > 65_535)
    problems.push(`${name} is not a number from 1 to 65535`)
  return value
}

function readDatabaseUrl(environment: Environment, name: string, problems: string[]): string | undefined {
  const text = environment[name]
  if (text !== undefined && !/^postgres(?:ql)?:\/\//.test(text))
    problems.push(`${name} is not an address postgresql://…`)
  return text
}

function optionalNumber(environment: Environment, reading: Reading): number | undefined {
  return environment[reading.name] === undefined ? undefined : readNumber(environment, { ...reading, fallback: 0 })
}

function readProxies(text: string, problems: string[]): string[] {
  const ranges = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const longest = isIP(address) === 4 ? 32 : 128
    if (isIP(address) === 0 || (bits !== undefined && !(/^[0-9]{1,3}$/.test(bits) && Number(bits) <= longest)))
      problems.push(`UCANPAY_TRUSTED_PROXIES: "${range}" is neither an address nor a range, e.g. 10.0.0.0/8`)
  }
  return ranges
}

function readOrigin(environment: Environment, { name, fallback, problems }: Reading & { fallback: string }): string {
  const text = environment[name] ?? fallback
  if (!isHttpsOrigin(text)) {
    problems.push(`${name} is not an https origin, e.g. https://pay.example.org`)
  }
  return text
}

/** Where mail goes. A server that is asked in the clear from afar would be told of every link (product practice 7). */
function readMail(environment: Environment, problems: string[]): MailPlace | undefined {
  const url = environment['UCANPAY_SMTP_URL']
  if (url === undefined) return undefined
  const from = environment['UCANPAY_MAIL_FROM'] ?? ''
  if (!/^smtps?:\/\/[^/]+$/.test(url) || !URL.canParse(url))
    problems.push('UCANPAY_SMTP_URL is not an address smtps://user:password@host')
  if (!from.includes('@')) problems.push('UCANPAY_MAIL_FROM is not set: give the address that mails come from')
  const extraCa = environment['UCANPAY_EXTRA_CA']
  return {
    kind: 'smtp',
    url,
    from,
    extraCa: extraCa === undefined ? [] : [readPlainFile(environment, { name: 'UCANPAY_EXTRA_CA', problems: [] })],
  }
}

/** Without both of these lines, nobody knows whom to tell, or whether it still holds (RFC 9116, 2.5). */
function readSecurityText(environment: Environment, problems: string[]): string | undefined {
  const name = 'UCANPAY_SECURITY_TXT'
  if (environment[name] === undefined) return undefined
  const text = readPlainFile(environment, { name, problems })
  if (text !== '' && !(/^contact:/im.test(text) && /^expires:/im.test(text)))
    problems.push(`${name}: the file needs a line Contact: and a line Expires: (RFC 9116)`)
  return text
}

function readPlainFile(environment: Environment, { name, problems }: Reading): string {
  const file = environment[name]
  if (file === undefined || file === '') {
    problems.push(`${name} is not set: give the path of a file`)
    return ''
  }
  try {
    return readFileSync(file, 'utf8')
  } catch {
    problems.push(`${name}: the file cannot be read`)
    return ''
  }
}

/** A file that holds a secret and that others can read has leaked already (PCI DSS 8.6.2). */
function readSecretFile(environment: Environment, reading: Reading): string {
  const text = readPlainFile(environment, reading)
  const file = environment[reading.name]
  if (text !== '' && file !== undefined && (statSync(file).mode & 0o077) !== 0) {
    reading.problems.push(`${reading.name}: others can read the file; run chmod 600 on it`)
  }
  return text
}
