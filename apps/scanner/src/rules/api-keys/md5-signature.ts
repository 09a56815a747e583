import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import { optionsOf, pathsOf, type Value } from '../../engine/values/value.ts'

/** Hash functions as libraries of their own; their first argument is what is hashed. */
const BROKEN = [
  'md5',
  'sha1',
  'blueimp-md5',
  'js-md5',
  'js-md5.md5',
  'js-sha1',
  'crypto-js.MD5',
  'crypto-js.SHA1',
  'crypto-js/md5',
  'crypto-js/sha1',
]

export const rule: Rule = {
  id: 'md5-signature',
  practice: 3,
  severity: 'high',
  title: 'Messages are signed by MD5 or SHA-1',
  why: 'A hash over a text with the key at one end is no signature: MD5 and SHA-1 let others append to the text or find a second one with the same hash, so that the amount of a signed order can be changed and the signature still fits.',
  mend: 'Sign by HMAC with SHA-256, or by RSA or Ed25519 as UCanPay does, over the whole message.',
  before: "createHash('md5').update(params + '&key=' + apiKey).digest('hex')",
  after: "createHmac('sha256', apiKey).update(params).digest('hex')",
  controls: { pci: ['12.3.3'], asvs: ['11.4.1'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'template'],
  words: ['md5', 'MD5', 'sha1', 'SHA1', 'sha-1'],
  on: {
    calls: [
      { to: BROKEN, check: (call, scan) => checkHashed(call.args[0], call, scan) },
      { to: ['*.update'], check: checkUpdate },
      { to: ['crypto.createHmac'], check: checkHmac },
      { to: ['crypto-js.HmacMD5', 'crypto-js/hmac-md5'], check: report },
      { to: ['crypto.createSign', 'crypto.createVerify'], check: checkSign },
    ],
  },
}

function checkUpdate(call: CallSite, scan: CodeScan): void {
  const hash = hashOf(call.callee)
  if (hash && optionsOf(hash).some(isBroken)) checkHashed(call.args[0], call, scan)
}

/** The algorithm of `createHash(algorithm).update(…).update`. */
function hashOf(callee: Value): Value | undefined {
  let at: Value | undefined = callee
  while (at?.kind === 'named') {
    if (at.path === 'crypto.createHash()') return at.args?.[0]
    at = at.base
  }
  return undefined
}

function isBroken(value: Value): boolean {
  return value.kind === 'constant' && /^(?:rsa-)?(?:md5|sha-?1)$/i.test(String(value.value))
}

/** Signed where the key is in the text; a hash of a file or an address is none. */
function checkHashed(text: Value | undefined, call: CallSite, scan: CodeScan): void {
  if (text && (scan.sourcesIn(text, ['secret']).length > 0 || namesKey(text))) report(call, scan)
}

/** `params + '&key=' + key`: the key is written into the text by name. */
function namesKey(text: Value): boolean {
  return optionsOf(text).some(
    (option) =>
      option.kind === 'text' &&
      option.parts.some(
        (part) => part.kind === 'constant' && /[&?](?:key|secret|app_?secret|api_?key)=$/i.test(String(part.value)),
      ),
  )
}

function checkHmac(call: CallSite, scan: CodeScan): void {
  const [algorithm] = call.args
  if (
    algorithm &&
    optionsOf(algorithm).some((option) => option.kind === 'constant' && /^md5$/i.test(String(option.value)))
  )
    report(call, scan)
}

function checkSign(call: CallSite, scan: CodeScan): void {
  const [algorithm] = call.args
  if (algorithm && optionsOf(algorithm).some(isBroken)) report(call, scan)
}

function report(call: CallSite, scan: CodeScan): void {
  const what = pathsOf(call.callee).some((path) => /sha-?1/i.test(path)) ? 'SHA-1' : 'MD5 or SHA-1'
  scan.report({
    at: scan.placeOf(call.node),
    message: `A message is signed by ${what}, which others can forge: use HMAC with SHA-256`,
  })
}
