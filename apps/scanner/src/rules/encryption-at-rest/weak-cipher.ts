import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import { optionsOf, pathsOf } from '../../engine/values/value.ts'

const WITH_CIPHER = ['crypto.createCipheriv', 'crypto.createDecipheriv', 'crypto.createCipher', 'crypto.createDecipher']
const BROKEN: readonly (readonly [RegExp, string])[] = [
  [/^(?:des|des-(?:cbc|ecb|cfb|ofb).*)$/i, 'DES has a key of 56 bits, which is found within a day'],
  [/^(?:des3|des-ede.*|3des.*)$/i, 'Triple DES has blocks of 64 bits and is withdrawn'],
  [/^(?:rc4.*|arc4.*|arcfour)$/i, 'RC4 gives parts of the text away'],
  [/^rc2/i, 'RC2 is broken'],
  [/^(?:bf|blowfish)(?:-|$)/i, 'Blowfish has blocks of 64 bits'],
  [/^(?:cast|idea|seed)/i, 'This cipher is outdated'],
  [/-ecb$/i, 'ECB encrypts the same block to the same block, so that patterns of the data stay visible'],
]
const CRYPTO_JS: Readonly<Record<string, string>> = {
  DES: 'DES has a key of 56 bits, which is found within a day',
  TripleDES: 'Triple DES has blocks of 64 bits and is withdrawn',
  RC4: 'RC4 gives parts of the text away',
  RC4Drop: 'RC4 gives parts of the text away',
  Rabbit: 'Rabbit is hardly examined',
  Blowfish: 'Blowfish has blocks of 64 bits',
}

export const rule: Rule = {
  id: 'weak-cipher',
  practice: 5,
  severity: 'high',
  title: 'Data is encrypted by a cipher or a mode that does not keep it secret',
  why: 'PCI DSS and the GDPR count data as protected only where strong cryptography protects it. Old ciphers are broken with a rented computer, and ECB shows which rows hold the same value; a stolen database is then a stolen list of cards.',
  mend: 'Use AES-256-GCM with a random initialisation vector for each text and a key of 32 random bytes, and check the tag when decrypting.',
  before: "createCipheriv('des-ede3-cbc', key, iv)",
  after: "createCipheriv('aes-256-gcm', key, randomBytes(12))",
  controls: { pci: ['3.5.1', '12.3.3'], asvs: ['11.3.1', '11.3.2'], gdpr: ['32(1)(a)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'template'],
  words: ['Cipher', 'crypto-js', 'CryptoJS', 'cipher', 'forge'],
  on: {
    calls: [
      { to: WITH_CIPHER, check: checkNode },
      {
        to: [
          ...Object.keys(CRYPTO_JS).flatMap((cipher) => [
            `crypto-js.${cipher}.encrypt`,
            `crypto-js/${cipher.toLowerCase()}.encrypt`,
          ]),
        ],
        check: checkCryptoJs,
      },
      { to: ['crypto-js.AES.encrypt', 'crypto-js/aes.encrypt'], check: checkMode },
      { to: ['node-forge.cipher.createCipher'], check: checkNode },
    ],
  },
}

function checkNode(call: CallSite, scan: CodeScan): void {
  for (const option of call.args[0] ? optionsOf(call.args[0]) : []) {
    if (option.kind !== 'constant' || typeof option.value !== 'string') continue
    const name = option.value
    const broken = BROKEN.find(([pattern]) => pattern.test(name))
    if (broken) {
      scan.report({
        at: scan.placeOf(call.node),
        message: `${broken[1]}: use aes-256-gcm instead of ${name.slice(0, 20)}`,
      })
      return
    }
  }
  if (!/^crypto\.create(?:C|Dec)ipher$|^crypto\.createDecipher$/.test(call.path)) return
  scan.report({
    at: scan.placeOf(call.node),
    message: `${call.path} makes its key by one round of MD5 and has no random initialisation vector: use createCipheriv with aes-256-gcm`,
  })
}

function checkCryptoJs(call: CallSite, scan: CodeScan): void {
  const [, cipher = ''] = /^crypto-js[./](\w+)/.exec(call.path) ?? []
  const found = Object.entries(CRYPTO_JS).find(([name]) => name.toLowerCase() === cipher.toLowerCase())
  if (found) scan.report({ at: scan.placeOf(call.node), message: `${found[1]}: use AES-256-GCM of node:crypto` })
}

function checkMode(call: CallSite, scan: CodeScan): void {
  const options = call.args[2]
  if (!options) return
  for (const { value, origin } of scan.members(options, 'mode')) {
    if (!pathsOf(value).some((path) => /^crypto-js(?:\/[\w-]+)?\.mode\.ECB$|^crypto-js\/mode-ecb$/.test(path))) continue
    scan.report({
      at: scan.placeOf(origin),
      message: 'ECB encrypts the same block to the same block, so that patterns of the data stay visible',
    })
  }
}
