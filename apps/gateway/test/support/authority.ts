import { createAuthority, type CertificateAuthority } from '../../../cli/src/certificates/authority.ts'

const DAY_MS = 86_400_000

/** A certificate authority for one test. */
export function newAuthority(now = new Date()): Promise<CertificateAuthority> {
  const at = (days: number): Date => new Date(now.getTime() + days * DAY_MS)
  return createAuthority({ name: 'CN=Test CA', notBefore: at(-1), notAfter: at(3_650) })
}
