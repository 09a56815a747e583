import { connect, checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls'
import { X509Certificate } from 'node:crypto'
import { examining } from './ask.ts'
import { MOST_MS, type Budget } from './budget.ts'

/** What a site shows before anything is asked. */
export interface Certificate {
  readonly subject: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** Why its chain is not trusted, as OpenSSL says it; its dates and names are told apart from that. */
  readonly distrust: string | undefined
  /** Why it is not for this host. */
  readonly wrongHost: string | undefined
  readonly keyType: string
  readonly keyBits: number
  readonly signature: string
}

/** A connection that was agreed upon. */
interface Agreed {
  readonly protocol: string
  readonly cipher: string
  /** Absent where the suite is anonymous. */
  readonly certificate: Certificate | undefined
}

/** Where to connect to. */
export interface Door {
  readonly host: string
  readonly port: number
  readonly ca: readonly string[]
}

/** Connects with what is offered, and says what was agreed upon. @throws Error where nothing was */
export async function shakeHands(door: Door, offer: ConnectionOptions, budget: Budget): Promise<Agreed> {
  const { host, port, ca } = door
  budget.take(`${host}:${port}`)
  return await new Promise((resolve, reject) => {
    const socket = connect({ ...examining(host, ca), ...offer, host, port })
    const timer = setTimeout(() => socket.destroy(new Error('no answer in time')), MOST_MS)
    socket.on('close', () => clearTimeout(timer))
    socket.on('error', reject)
    socket.on('secureConnect', () => {
      // Node.js types it as an Error; it is OpenSSL's code.
      const complaint = socket.authorized ? undefined : String(socket.authorizationError)
      const peer = socket.getPeerCertificate()
      const found = { protocol: socket.getProtocol() ?? '', cipher: socket.getCipher().name }
      socket.destroy()
      resolve({ ...found, certificate: certificateOf(peer, host, complaint) })
    })
  })
}

const NOT_OF_THE_CHAIN = /^(?:CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|ERR_TLS_CERT_ALTNAME_INVALID)$/

function certificateOf(peer: PeerCertificate, host: string, complaint: string | undefined): Certificate | undefined {
  // An anonymous suite has none, whatever the type says.
  if (!Buffer.isBuffer(peer.raw)) return undefined
  const certificate = new X509Certificate(peer.raw)
  const { asymmetricKeyType = '', asymmetricKeyDetails } = certificate.publicKey
  const curveBits = /(\d{3})/.exec(asymmetricKeyDetails?.namedCurve ?? '')?.[1]
  return {
    subject: certificate.subject,
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    distrust: complaint === undefined || NOT_OF_THE_CHAIN.test(complaint) ? undefined : complaint,
    wrongHost: checkServerIdentity(host, peer)?.message,
    keyType: asymmetricKeyType,
    keyBits: asymmetricKeyDetails?.modulusLength ?? Number(curveBits ?? 256),
    signature: certificate.signatureAlgorithm ?? '',
  }
}
