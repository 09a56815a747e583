import { generateKeyPair, parsePlatformKeys, type PrivateJwk } from './platform-keys.ts'

/** What a signing key is for, now. */
export type PlatformKeyUse = 'signs' | 'published' | 'retired'

/** A key of a set, as it is listed. */
export interface ListedPlatformKey {
  readonly kid: string
  readonly algorithm: string
  readonly use: PlatformKeyUse
}

const UNKNOWN = 'the signing keys have no key of this name'

/** Lists the keys of a set, in its order. @throws Error where the text is no such set */
export function listPlatformKeys(text: string): ListedPlatformKey[] {
  const { active } = parsePlatformKeys(text)
  const signing = new Set(Object.values(active).map(({ kid }) => kid))
  return read(text).map((jwk) => ({
    kid: jwk.kid,
    algorithm: jwk['kty'] === 'RSA' ? 'RSA' : 'Ed25519',
    use: signing.has(jwk.kid) ? 'signs' : 'd' in jwk ? 'published' : 'retired',
  }))
}

/**
 * Adds a pair of keys behind the others: published once it is served, so that everybody can fetch it before it signs.
 *
 * @throws Error where the text is no such set
 */
export function addPlatformKeys(text: string, now: Date): { text: string; kids: readonly string[] } {
  parsePlatformKeys(text)
  const keys = read(text)
  const added = generateKeyPair(now, new Set(keys.map(({ kid }) => kid)))
  return { text: write([...keys, ...added]), kids: added.map(({ kid }) => kid) }
}

/**
 * Makes keys the ones that sign, each for its algorithm; the others stay published, and so what they signed can still be
 * verified (contract §3). Done again it changes nothing.
 *
 * @throws Error where one of them is not in the set, or is retired
 */
export function switchPlatformKeys(text: string, kids: readonly string[]): string {
  const listed = listPlatformKeys(text)
  for (const kid of kids) {
    const found = listed.find((key) => key.kid === kid)
    if (!found) throw new Error(UNKNOWN)
    if (found.use === 'retired') throw new Error('this key is retired, and signs no more')
  }
  const keys = read(text)
  const isFirst = ({ kid }: PrivateJwk): boolean => kids.includes(kid)
  return write([...keys.filter(isFirst), ...keys.filter((key) => !isFirst(key))])
}

/**
 * Destroys the private half of a key that signs no more. Its public half stays in the file, unpublished, because the audit
 * log of its time is verified by it.
 *
 * @throws Error where the key signs, is not in the set, or is retired already
 */
export function retirePlatformKey(text: string, kid: string): string {
  const found = listPlatformKeys(text).find((key) => key.kid === kid)
  if (!found) throw new Error(UNKNOWN)
  if (found.use === 'signs') throw new Error('this key signs: add keys and switch to them first')
  if (found.use === 'retired') throw new Error('this key is retired already')
  const [retired] = parsePlatformKeys(text).everyPublic.keys.filter((jwk) => jwk['kid'] === kid)
  return write(read(text).map((jwk) => (jwk.kid === kid ? { ...retired, kid } : jwk)))
}

function read(text: string): PrivateJwk[] {
  return (JSON.parse(text) as { keys: PrivateJwk[] }).keys
}

function write(keys: readonly PrivateJwk[]): string {
  return JSON.stringify({ keys }, null, 2)
}
