import { randomBytes } from 'node:crypto'
import { formatApiKey } from '@ucanpay/wire/api-key'
import { expiresSoon } from '@ucanpay/gateway/transport-files'
import type { InstallationPlace } from '../config.ts'
import type { Installation } from '../installation.ts'
import { ask, askPlain, handshake, targetOf, type Answer, type Target } from './probe.ts'
import { row, type Row } from './row.ts'

const FAILURE_MEMBERS = 'code,error,message,msg,requestId,status,timestamp'

/** Practices 1, 2, 3 and 8, as anybody outside sees them. */
export async function checkTransport({ place }: Installation): Promise<readonly Row[]> {
  const target = targetOf(place.apiUrl, place.caFile)
  let health: Answer
  try {
    health = await ask(target, '/healthz')
  } catch (error) {
    const evidence = `${place.apiUrl}: ${(error as Error).message}`
    const remedy = 'start the gateway; set UCANPAY_API_URL where it answers, and UCANPAY_CA_FILE for a CA of your own'
    return [row(1, 'the API answers over HTTPS with a certificate that verifies', { good: false, evidence, remedy })]
  }
  return [
    ...(await protocols(target, 'the API')),
    strictTransport(health),
    ...(await certificate(target, place.verificationOff)),
    ...(await refusals(target)),
    ...(await otherListeners(place)),
  ]
}

/** The checkout's port, the vault's where it is a process of its own, and the one that refuses plain HTTP. */
async function otherListeners({
  checkoutUrl,
  dashboardUrl,
  vaultUrl,
  httpUrl,
  caFile,
  vaultCaFile,
}: InstallationPlace): Promise<Row[]> {
  const rows = [
    ...(await protocols(targetOf(checkoutUrl, caFile), 'the checkout')),
    ...(await protocols(targetOf(dashboardUrl, caFile), 'the dashboard')),
  ]
  if (vaultUrl !== undefined) {
    const vault = targetOf(vaultUrl, vaultCaFile)
    rows.push(...(await protocols(vault, 'the vault')))
    const heard = await ask(vault, '/healthz').then(
      ({ status }) => `answered ${status}`,
      () => undefined,
    )
    rows.push(
      row(14, 'the vault hears nobody without a certificate of its authority', {
        good: heard === undefined,
        evidence: heard ?? 'the connection is refused',
        remedy: 'let the vault itself end TLS: no proxy before it',
      }),
    )
  }
  if (httpUrl === undefined) return rows
  const said = await askPlain({ url: new URL(httpUrl), ca: [] })
  return [
    ...rows,
    row(1, 'the plain HTTP port refuses every request', {
      good: said.includes(' 403 '),
      evidence: said === '' ? 'no answer' : `it says ${said}`,
      remedy: 'something else has UCANPAY_HTTP_PORT: a redirect there hides a key that was sent in the clear',
    }),
  ]
}

async function protocols(target: Target, who: string): Promise<Row[]> {
  const [old, older, good, best] = await Promise.all([
    handshake(target, 'TLSv1.1'),
    handshake(target, 'TLSv1'),
    handshake(target, 'TLSv1.2'),
    handshake(target, 'TLSv1.3'),
  ])
  const plain = await askPlain(target)
  const forward = good === undefined || /^ECDHE-.*(?:GCM|POLY1305)/.test(good.cipher)
  return [
    row(1, `${who} speaks TLS 1.3, and 1.2 with forward secrecy and authenticated encryption alone`, {
      good: !old && !older && best !== undefined && forward,
      evidence: `1.3: ${best?.cipher ?? 'refused'}; 1.2: ${good?.cipher ?? 'refused'}; 1.1 and 1.0: ${(old ?? older) ? 'accepted' : 'refused'}`,
      remedy:
        'something before the gateway ends TLS with weaker settings: let it pass TLS through, or set it to 1.2 and 1.3 with ECDHE and AEAD',
    }),
    row(1, `${who} serves nothing over plain HTTP`, {
      good: plain === '' || / 4\d\d /.test(`${plain} `),
      evidence: plain === '' ? 'the port closes the connection' : `the port says ${plain}`,
      remedy: 'take away whatever serves plain HTTP on this port',
    }),
  ]
}

function strictTransport({ headers }: Answer): Row {
  const value = String(headers['strict-transport-security'] ?? 'no header')
  const age = Number(/max-age=(\d+)/.exec(value)?.[1] ?? 0)
  return row(1, 'browsers are told to use HTTPS for two years', {
    good: age >= 63_072_000 && value.includes('includeSubDomains'),
    evidence: value,
    remedy: 'a proxy takes the header Strict-Transport-Security away or replaces it: let it through',
  })
}

async function certificate(target: Target, verificationOff: boolean): Promise<Row[]> {
  const found = (await handshake(target, 'TLSv1.3'))?.certificate
  return [
    row(2, 'the certificate is good for two weeks more', {
      good: found !== undefined && !expiresSoon(found, new Date()),
      evidence: found ? `valid to ${found.validToDate.toISOString().slice(0, 10)}` : 'none was shown',
      remedy: 'renew the certificate and restart',
    }),
    row(2, 'certificates of others are verified', {
      good: !verificationOff,
      evidence: verificationOff ? 'NODE_TLS_REJECT_UNAUTHORIZED=0 is set' : 'no switch turns it off',
      remedy: 'unset NODE_TLS_REJECT_UNAUTHORIZED; give own authorities in UCANPAY_EXTRA_CA',
    }),
  ]
}

async function refusals(target: Target): Promise<Row[]> {
  const key = formatApiKey({ kind: 'sk', mode: 'test' }, randomBytes(64)) // Well-formed, and nobody's.
  const inUrl = await ask(target, `/payment/status?outTradeNo=x&key=${key}`)
  const unknown = await ask(target, '/payment/status?outTradeNo=x', { headers: { authorization: `Bearer ${key}` } })
  const members = Object.keys(JSON.parse(unknown.text) as object)
    .sort()
    .join(',')
  return [
    row(3, 'a key in an address is refused', {
      good: inUrl.status === 401,
      evidence: `answered ${inUrl.status}`,
      remedy: 'what answers there is not this release of the gateway',
    }),
    row(8, 'a failure says one fixed sentence and nothing else', {
      good: members === FAILURE_MEMBERS,
      evidence: `members: ${members}`,
      remedy: 'something before the gateway rewrites its answers: let them through',
    }),
  ]
}
