import { existsSync } from 'node:fs'
import { generateKeyRing } from '@ucanpay/vault/key-ring'
import { print, readArguments, UsageError } from '../command.ts'
import { writeWhole } from '../secret-files.ts'

/** `ucanpay vault new-ring FILE`: a key ring with one random key, for a new installation. @returns the exit code */
export async function vaultNewRing(args: readonly string[]): Promise<number> {
  const [file] = readArguments(args, {}).positionals
  if (file === undefined) throw new UsageError('which file? The one that UCANPAY_KEY_RING is to name')
  if (existsSync(file)) throw new UsageError(`${file} is there already; without its keys nothing that is sealed opens`)
  await writeWhole(file, generateKeyRing(), 0o600)
  print(`Written to ${file}, for its owner alone. Name it in UCANPAY_KEY_RING, and keep a copy where the database's`)
  print('backups are not: without it nothing that is sealed opens, and with both everything does.')
  return 0
}
