import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFakeTransit } from './fake-transit.ts'

/** The fake over HTTPS. @returns also the certificate, which nobody but itself vouches for */
export async function startTlsTransit(): Promise<{ fake: Awaited<ReturnType<typeof startFakeTransit>>; ca: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-transit-'))
  try {
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const made = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=transit'
    const name = ['-addext', 'subjectAltName=IP:127.0.0.1']
    execFileSync('openssl', [...made.split(' '), ...name, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' })
    const ca = readFileSync(certFile, 'utf8')
    return { fake: await startFakeTransit({ key: readFileSync(keyFile, 'utf8'), cert: ca }), ca }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
