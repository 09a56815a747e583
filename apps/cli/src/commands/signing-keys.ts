import { existsSync } from 'node:fs'
import { readKeptFile } from '@ucanpay/gateway/config'
import { generatePlatformKeySet, parsePlatformKeys } from '@ucanpay/gateway/domain/signatures/platform-keys'
import {
  addPlatformKeys,
  listPlatformKeys,
  retirePlatformKey,
  switchPlatformKeys,
} from '@ucanpay/gateway/domain/signatures/rotate-platform-keys'
import { print, readArguments, shown, table, UsageError } from '../command.ts'
import { writeWhole } from '../secret-files.ts'

export const SIGNING_KEYS_HELP = `ucanpay signing-keys: the keys that sign what the gateway says

  ucanpay signing-keys new    FILE              one RSA and one Ed25519 key, for a new installation
  ucanpay signing-keys list   FILE              which there are, and which of them sign
  ucanpay signing-keys add    FILE              the next pair: published, and not used yet
  ucanpay signing-keys switch FILE KID [KID]    these sign from now on; the others stay published
  ucanpay signing-keys retire FILE KID          destroys the private half of one that signs no more
  ucanpay signing-keys public FILE              all public keys as a JWK Set, for whoever verifies the audit log

To rotate: add, restart the roles api and worker, wait until everybody has fetched /.well-known/jwks.json anew (a day is
good), switch, restart, wait until nothing old is on its way (another day), retire, restart. The public half of a retired
key stays in the file: the audit log of its time is verified by it.`

type Action = (file: string, kids: readonly string[]) => Promise<void>

const ACTIONS: Readonly<Record<string, Action>> = { new: create, list, add, switch: switchTo, retire, public: publish }

/** `ucanpay signing-keys …`. @returns the exit code */
export async function signingKeys([action, ...args]: readonly string[]): Promise<number> {
  const { positionals } = readArguments(args, {})
  const act = Object.hasOwn(ACTIONS, action ?? '') ? ACTIONS[action ?? ''] : undefined
  if (!act) throw new UsageError(`signing-keys has no action ${shown(action)}\n\n${SIGNING_KEYS_HELP}`)
  const [file, ...kids] = positionals
  if (file === undefined) throw new UsageError('which file? The one that UCANPAY_SIGNING_KEYS names')
  try {
    await act(file, kids)
  } catch (error) {
    if (error instanceof Error && error.name === 'Error' && !('code' in error)) throw new UsageError(error.message)
    throw error
  }
  return 0
}

async function create(file: string): Promise<void> {
  if (existsSync(file)) throw new UsageError(`${file} is there already, and keys that are in use would be lost`)
  await writeWhole(file, generatePlatformKeySet(new Date()), 0o600)
  print(`Written to ${file}, for its owner alone. Name it in UCANPAY_SIGNING_KEYS.`)
}

async function add(file: string): Promise<void> {
  const { text, kids } = addPlatformKeys(readKeptFile(file), new Date())
  await writeWhole(file, text, 0o600)
  print(
    `Added ${kids.join(' and ')}. Once they are served and fetched: ucanpay signing-keys switch ${file} ${kids.join(' ')}`,
  )
}

async function switchTo(file: string, kids: readonly string[]): Promise<void> {
  if (kids.length === 0) throw new UsageError('which keys? ucanpay signing-keys list FILE shows them')
  await writeWhole(file, switchPlatformKeys(readKeptFile(file), kids), 0o600)
  print(`${kids.join(' and ')} sign once the roles api and worker are restarted.`)
}

async function retire(file: string, [kid, ...more]: readonly string[]): Promise<void> {
  if (kid === undefined || more.length > 0) throw new UsageError('which key? One at a time')
  await writeWhole(file, retirePlatformKey(readKeptFile(file), kid), 0o600)
  print(`The private half of ${kid} is destroyed. Destroy the backups of the file that still hold it.`)
}

function list(file: string): Promise<void> {
  const rows = listPlatformKeys(readKeptFile(file)).map(({ kid, algorithm, use }) => [shown(kid), algorithm, use])
  print(table(['KEY', 'ALGORITHM', 'USE'], rows))
  return Promise.resolve()
}

function publish(file: string): Promise<void> {
  print(JSON.stringify(parsePlatformKeys(readKeptFile(file)).everyPublic, null, 2))
  return Promise.resolve()
}
