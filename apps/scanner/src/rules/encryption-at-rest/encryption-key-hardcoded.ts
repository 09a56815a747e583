import { isForStage, isRefused } from '../../engine/flows/development-only.ts'
import { sourceOf } from '../../engine/modules/source-text.ts'
import { writtenOut } from '../../engine/flows/written-out.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import type { Node } from '../../engine/syntax/parse.ts'
import { optionsOf } from '../../engine/values/value.ts'

/** Which argument is the key, or the password that a key is made from. */
const KEYED: Readonly<Record<string, number>> = {
  'crypto.createCipheriv': 1,
  'crypto.createDecipheriv': 1,
  'crypto.createCipher': 1,
  'crypto.createDecipher': 1,
  'crypto.createHmac': 1,
  'crypto.scryptSync': 0,
  'crypto.scrypt': 0,
  'crypto.hkdfSync': 1,
  'crypto.subtle.importKey': 1,
  'crypto.webcrypto.subtle.importKey': 1,
  'new cryptr': 0,
  'new simple-crypto-js': 0,
  '@hapi/iron.seal': 1,
  '@hapi/iron.unseal': 1,
  ...cryptoJs('AES', 'DES', 'TripleDES', 'Rabbit', 'RC4'),
}

/** CryptoJS in its ways: `CryptoJS.AES.encrypt(text, key)`, `require('crypto-js/aes').encrypt`, `CryptoJS.HmacSHA256`. */
function cryptoJs(...ciphers: readonly string[]): Record<string, number> {
  const ways = ciphers.flatMap((cipher) => [`crypto-js.${cipher}`, `crypto-js/${cipher.toLowerCase()}`])
  const macs = ['MD5', 'SHA1', 'SHA256', 'SHA512'].flatMap((hash) => [
    `crypto-js.Hmac${hash}`,
    `crypto-js/hmac-${hash.toLowerCase()}`,
  ])
  return Object.fromEntries(
    [...ways.flatMap((way) => [`${way}.encrypt`, `${way}.decrypt`]), ...macs].map((way) => [way, 1]),
  )
}

export const rule: Rule = {
  id: 'encryption-key-hardcoded',
  practice: 5,
  severity: 'critical',
  title: 'A key that encrypts or signs stands in the code',
  why: 'What is encrypted with a key that everybody can read is not encrypted: the database and the repository together give every card and every customer away, and both lie in backups, on laptops and with suppliers. A signature by such a key proves nothing.',
  mend: 'Keep the key in a secret store or a file that only the service reads, give it a version so that it can be replaced, and encrypt anew what was encrypted with this one.',
  before: "createCipheriv('aes-256-gcm', Buffer.from('0123456789abcdef0123456789abcdef'), iv)",
  after: "createCipheriv('aes-256-gcm', keyRing.current(), iv)",
  controls: { pci: ['3.6.1.2', '8.6.2'], asvs: ['13.3.1'], gdpr: ['32(1)(a)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'template'],
  words: ['crypt', 'Hmac', 'hmac', 'scrypt', 'hkdf', 'importKey', 'iron'],
  on: { calls: [{ to: Object.keys(KEYED), check }] },
}

function check(call: CallSite, scan: CodeScan): void {
  const key = call.args[KEYED[call.path] ?? -1]
  if (!key || isOverRandomBytes(call)) return
  const isFallback = optionsOf(key).some(({ kind }) => kind === 'named')
  for (const { origin } of writtenOut(key, scan)) {
    if (isForStage(origin) || isRefused(/key|secret|passphrase/i, origin.module)) continue
    const at = scan.placeOf(origin)
    scan.report({
      at,
      message: isFallback
        ? `Where the key of ${call.path} is not set, one that stands in the code is used: stop at start-up instead`
        : `The key of ${call.path} stands in the code: read it from a secret store`,
      secret: [at],
      related: [{ what: 'used here', at: scan.placeOf(call.node) }],
    })
  }
}

/** `createHmac('sha1', 'password').update(randomBytes(32))` makes a random text, whatever the key. */
function isOverRandomBytes({ callee, node, path }: CallSite): boolean {
  if (path !== 'crypto.createHmac') return false
  let around: Node = node
  while (around.parent && !/Function|^Program$/.test(around.type)) around = around.parent
  // A helper is followed into its own file.
  return around.type !== 'Program' && /\brandom(?:Bytes|UUID)\(/.test(sourceOf(around, callee.origin.module))
}
