import { setTimeout as sleep } from 'node:timers/promises'
import {
  beginRotation,
  censusOf,
  countLeft,
  finishRotation,
  openRotation,
  replaceSome,
  resealSome,
  rewrapSome,
  type Rotation,
  type RotationDeps,
} from '@ucanpay/gateway/domain/sealing/rotate-keys'
import { addRingVersion, removeRingVersion } from '@ucanpay/vault/key-ring'
import { numberOf, print, readArguments, shown, table, UsageError, type Given } from '../command.ts'
import { withInstallation, type Installation } from '../installation.ts'
import { startProgress } from '../progress.ts'
import { writeWhole } from '../secret-files.ts'
import { vaultNewRing } from './vault-new-ring.ts'
import { VAULT_CERTIFICATES_HELP, vaultCertificates } from './vault-certificates.ts'

export const VAULT_HELP = `ucanpay vault: the keys that seal what is stored

  ucanpay vault new-ring FILE    a key ring with one random key, for a new installation
  ucanpay vault status           which keys there are, who wrapped them, what a rotation has left to do
  ucanpay vault rotate           new keys for everything, while the gateway runs
  ucanpay vault retire VERSION   take a version out of the key ring that wraps nothing any more
  ucanpay vault certificates …   for a vault that is a process of its own

rotate gives a key ring in a file a new version, wraps every data key again by it, makes a new data key for every
merchant, and re-encrypts every sealed value under it. Nothing stands still meanwhile. Where it is cut off, by Ctrl-C or
worse, run it again: it goes on where it was. Where the key-encryption keys are in HashiCorp Vault, AWS or Google Cloud,
rotate the key there first; then this moves everything to it.

${VAULT_CERTIFICATES_HELP.replace(/^.*\n\n/, '')}

Changing to another source: set UCANPAY_KEY_RING to the new one and UCANPAY_PREVIOUS_KEY_SOURCES to the old one, restart,
rotate, and take the old one out.`

/** `ucanpay vault …`. @returns the exit code */
export function vault([action, ...args]: readonly string[]): Promise<number> {
  if (action === 'new-ring') return vaultNewRing(args)
  if (action === 'certificates') return vaultCertificates(args)
  const given = readArguments(args, {})
  const actions: Record<string, (installation: Installation, given: Given) => Promise<number>> = {
    status,
    rotate,
    retire,
  }
  const act = actions[action ?? '']
  if (!act) throw new UsageError(`vault has no action ${shown(action)}\n\n${VAULT_HELP}`)
  return withInstallation((installation) => act(installation, given))
}

async function status({ db, keyStore, source: open }: Installation): Promise<number> {
  const source = await open()
  const active = await source.activeName()
  const rows = await censusOf({ db, keyStore })
  print(`Wraps now: ${active}\n`)
  print(
    table(
      [
        'WRAPPED BY',
        'INSTALLATION KEYS',
        'DATA KEYS',
        'OF THESE RETIRED',
        'MOST ENVELOPES',
        "CUSTOMERS' KEYS",
        'OLDEST',
      ],
      rows.map((row) => [
        shown(row.wrappedBy),
        String(row.installationKeys),
        String(row.dataKeys),
        String(row.retired),
        String(row.mostSeals),
        String(row.customerKeys),
        row.oldest.toISOString().slice(0, 10),
      ]),
    ),
  )
  const rotation = await openRotation(db)
  const left = await countLeft({ db, source, keyStore }, rotation)
  const nothing = left.wrappedKeys + left.dataKeys + left.rows === 0
  print(
    nothing && !rotation
      ? '\nNothing is left of any rotation.'
      : `\nLeft: ${left.wrappedKeys} keys to wrap again, ${left.dataKeys} data keys to replace, ${left.rows} values to re-encrypt. Run: ucanpay vault rotate`,
  )
  return 0
}

const ROUNDS = 6
/** Gateways read a key ring again within 2 s, and seal with what they had until then. */
const SETTLES_MS = 2_500

async function rotate(installation: Installation): Promise<number> {
  const { db, keyStore } = installation
  const earlier = await openRotation(db)
  if (earlier) print(`Going on with the rotation of ${earlier.startedAt.toISOString()}.`)
  else await addVersion(installation)
  const rotation = await beginRotation(db, new Date())
  const deps = { db, keyStore, source: await installation.source() }
  const unreadable = new Set<string>()
  // A gateway may have sealed under an old key until it heard of the new one, so what is left is looked at again.
  for (let round = 0; round < ROUNDS; round++) {
    await rotateOnce(deps, rotation, unreadable)
    if (round === 0) await sleep(SETTLES_MS)
    const left = await countLeft(deps, rotation)
    if (round > 0 && left.wrappedKeys + left.dataKeys + left.rows === unreadable.size) break
  }
  const left = await countLeft(deps, rotation)
  if (left.wrappedKeys + left.dataKeys + left.rows === 0) {
    await finishRotation(db, rotation, new Date())
    print('Done: nothing is left. Retired data keys are destroyed by the worker ten minutes from now.')
    print(
      'Once backups with the old ring are gone: ucanpay vault retire VERSION (ucanpay vault status shows what wraps nothing).',
    )
    return 0
  }
  print(
    `Left: ${left.wrappedKeys} keys to wrap again, ${left.dataKeys} data keys to replace, ${left.rows} values to re-encrypt.`,
  )
  for (const row of unreadable) print(`  does not open, and was left as it is: ${shown(row)}`)
  return 1
}

/** A ring in a file gets its new version here; every other source has a way of its own. */
async function addVersion(installation: Installation): Promise<void> {
  const { active, reading } = installation.keySources
  const file = ringFileOf(active)
  if (file === undefined) {
    print('The key-encryption key is not in a file: moving everything to the one that its source has active now.')
    return
  }
  const newest = await (await installation.source()).activeName()
  if (!(await censusOf(installation)).some(({ wrappedBy }) => wrappedBy === newest)) {
    print(`The key ring's newest version wraps nothing yet (${newest}): moving everything to it.`)
    return
  }
  const { text, version } = addRingVersion(reading.readFile(file))
  await writeWhole(file, text, 0o600)
  print(
    `The key ring has a version ${version}, which wraps from now on. Keep a copy of the file where the backups are not.`,
  )
}

async function rotateOnce(deps: RotationDeps, rotation: Rotation, unreadable: Set<string>): Promise<void> {
  const left = await countLeft(deps, rotation)
  await work('new data keys', left.dataKeys, () => replaceSome(deps, rotation, new Date()))
  const { wrappedKeys } = await countLeft(deps, rotation)
  await work('wrapped again', wrappedKeys, () => rewrapSome(deps, unreadable))
  const { rows } = await countLeft(deps, rotation)
  await work('re-encrypted', rows, () => resealSome(deps, new Date(), unreadable))
}

async function work(what: string, total: number, some: () => Promise<number>): Promise<void> {
  const progress = startProgress(what)
  let done = 0
  progress.show(done, total)
  for (let step = await some(); step > 0; step = await some()) {
    done += step
    progress.show(done, Math.max(done, total))
  }
  progress.end()
}

async function retire({ db, keyStore, keySources: { active, reading } }: Installation, given: Given): Promise<number> {
  const file = ringFileOf(active)
  if (file === undefined)
    throw new UsageError('the key-encryption keys are not in a file: retire the old one at its source')
  const version = numberOf(given.positionals[0] ?? '', 'VERSION', [1, 999_999_999])
  if (await openRotation(db)) {
    print('A rotation stands half-way, and keys may still be wrapped by this version. Run: ucanpay vault rotate')
    return 1
  }
  const used = (await censusOf({ db, keyStore })).find((row) => row.wrappedBy === `ring/${version}`)
  if (used) {
    const keys = used.dataKeys + used.installationKeys + used.customerKeys
    print(`Version ${version} still wraps ${keys} keys. Run: ucanpay vault rotate`)
    return 1
  }
  await writeWhole(file, removeRingVersion(reading.readFile(file), version), 0o600)
  print(`Version ${version} is out of the key ring. Backups from before the rotation cannot be opened without it.`)
  return 0
}

function ringFileOf(spec: string): string | undefined {
  if (spec.startsWith('file:')) return spec.slice('file:'.length)
  return /^[a-z][a-z0-9-]+:/.test(spec) ? undefined : spec
}
