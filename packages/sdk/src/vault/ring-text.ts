import { randomBytes } from 'node:crypto'
import {
  addRingVersion as addVersion,
  generateKeyRing as generateRing,
  parseKeyRing,
  removeRingVersion as removeVersion,
} from '@ucanpay/vault/key-ring'
import { UCanPayConfigError } from '../errors.ts'

/** A ring's text in its parts. */
export interface RingForm {
  readonly active: number
  readonly keys: readonly { readonly version: number; readonly key: string }[]
  readonly index?: string
  readonly addedAt?: string
}

/**
 * The text of a new key ring: one random key, and one for blind indexes, which stays when the others are rolled. Keep
 * it where you keep passwords: who has it and the database can read everything, and without it nobody can.
 */
export function generateKeyRing(): string {
  return write({ ...(JSON.parse(generateRing()) as RingForm), index: randomBytes(32).toString('base64') })
}

/**
 * The text of a ring with one more random key. Processes that learn of it open with it at once and seal with it after
 * a while, so that the file can be exchanged under running processes.
 *
 * @throws UCanPayConfigError where the text is no key ring
 */
export function addRingVersion(text: string): { text: string; version: number } {
  const { index, active, keys } = checkedForm(text)
  const added = addVersion(JSON.stringify({ active, keys }))
  const form = JSON.parse(added.text) as RingForm
  return {
    version: added.version,
    text: write({ ...form, ...(index === undefined ? {} : { index }), addedAt: new Date().toISOString() }),
  }
}

/**
 * The text of a ring without one of its keys. Seal what it sealed anew first (`resealAll`): it opens nowhere after.
 *
 * @throws UCanPayConfigError where the text is no key ring, the version is the active one, or is not in the ring
 */
export function removeRingVersion(text: string, version: number): string {
  const { active, keys, ...others } = checkedForm(text)
  try {
    const form = JSON.parse(removeVersion(JSON.stringify({ active, keys }), version)) as RingForm
    return write({ ...form, ...others })
  } catch (error) {
    throw asConfigError(error)
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false // Whatever it is, the reader of rings says what is wrong.
  }
}

/** @throws UCanPayConfigError that says what is wrong and never holds any of the text */
export function checkedForm(text: string): RingForm {
  try {
    const { index, addedAt, ...ring } = (isJson(text) ? (JSON.parse(text) ?? {}) : {}) as RingForm
    parseKeyRing(isJson(text) ? JSON.stringify(ring) : text)
    if (addedAt !== undefined && (typeof addedAt !== 'string' || Number.isNaN(Date.parse(addedAt)))) {
      throw new Error("the key ring's addedAt is no time")
    }
    // The same rules for the key of indexes, which is random and none of the others.
    const highest = Math.max(...ring.keys.map(({ version }) => version))
    if (index !== undefined) {
      parseKeyRing(JSON.stringify({ ...ring, keys: [...ring.keys, { version: highest + 1, key: index }] }))
    }
    return {
      ...ring,
      ...(index === undefined ? {} : { index }),
      ...(addedAt === undefined ? {} : { addedAt }),
    }
  } catch (error) {
    throw asConfigError(error)
  }
}

function asConfigError(error: unknown): UCanPayConfigError {
  // The words are the ring's own, which never quote the text.
  return new UCanPayConfigError(`The key ring cannot be used: ${error instanceof Error ? error.message : 'unknown'}.`)
}

function write(form: RingForm): string {
  return JSON.stringify(form, null, 2)
}
