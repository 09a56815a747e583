import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import {
  createAuthority,
  issueCertificate,
  privateKeyPem,
  readAuthority,
  type CertificateAuthority,
  type CertificateWish,
} from '../certificates/authority.ts'
import { optional, print, readArguments, required, UsageError } from '../command.ts'
import { writeWhole } from '../secret-files.ts'

export const VAULT_CERTIFICATES_HELP = `ucanpay vault certificates: mutual TLS between the vault and the other roles

  ucanpay vault certificates --folder DIR --host NAME[,NAME…]

Makes an authority for this installation alone, the vault's certificate for these names or addresses, and a client
certificate for each role. Run it again within the year to make new certificates by the same authority. Move each pair
to where its role runs, and ca.key to where no server is: whoever has it can pass for any role.`

const CLIENTS = ['api', 'checkout', 'dashboard', 'worker'] as const
const DAY_MS = 86_400_000
const AUTHORITY_DAYS = 3_650
const LEAF_DAYS = 390

/** `ucanpay vault certificates …`. @returns the exit code */
export async function vaultCertificates(args: readonly string[]): Promise<number> {
  const given = readArguments(args, { folder: { type: 'string' }, host: { type: 'string' } })
  const folder = required(given, 'folder')
  const hosts = (optional(given, 'host') ?? '').split(',').map((host) => host.trim())
  if (!hosts.every((host) => isIP(host) !== 0 || /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i.test(host)))
    throw new UsageError('--host is where the vault is reached: a name or an address, several with commas between')
  const authority = await ensureAuthority(folder, new Date())
  const certify = async (name: string, wish: Pick<CertificateWish, 'usage' | 'names' | 'addresses'>): Promise<void> => {
    const { cert, key } = await issueCertificate(authority, { ...wish, ...lifeOf(LEAF_DAYS) })
    await writeWhole(join(folder, `${name}.key`), key, 0o600)
    await writeWhole(join(folder, `${name}.pem`), cert, 0o644)
  }
  const isAddress = (host: string): boolean => isIP(host) !== 0
  const [names, addresses] = [hosts.filter((host) => !isAddress(host)), hosts.filter(isAddress)]
  await certify('vault', { usage: 'serve', names, addresses })
  for (const client of CLIENTS) await certify(client, { usage: 'connect', names: [`ucanpay-${client}`], addresses: [] })
  print(settings(folder, hosts[0] ?? ''))
  return 0
}

async function ensureAuthority(folder: string, now: Date): Promise<CertificateAuthority> {
  const files = { caFile: join(folder, 'ca.pem'), caKeyFile: join(folder, 'ca.key') }
  const found = await readAuthority(files, new Date(now.getTime() + LEAF_DAYS * DAY_MS))
  if (found) return found
  if (existsSync(files.caFile))
    throw new UsageError(
      `${files.caFile} is there without a key that goes with it, or ends within ${LEAF_DAYS} days: bring ca.key back, or begin in an empty folder`,
    )
  const made = await createAuthority({ name: 'CN=UCanPay vault CA', ...lifeOf(AUTHORITY_DAYS) })
  await writeWhole(files.caKeyFile, await privateKeyPem(made.privateKey), 0o600)
  await writeWhole(files.caFile, made.certificate.toString('pem'), 0o644)
  return made
}

/** A day back, for clocks that are behind. */
function lifeOf(days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + days * DAY_MS) }
}

function settings(folder: string, host: string): string {
  const url = `https://${isIP(host) === 6 ? `[${host}]` : host}:8447`
  return `Good for ${LEAF_DAYS} days. The settings:

  ucanpay serve --role vault
    UCANPAY_TLS_CERT=${join(folder, 'vault.pem')}
    UCANPAY_TLS_KEY=${join(folder, 'vault.key')}
    UCANPAY_VAULT_CLIENT_CA=${join(folder, 'ca.pem')}

  ucanpay serve --role api (checkout, dashboard and worker likewise)
    UCANPAY_VAULT_URL=${url}
    UCANPAY_VAULT_CA=${join(folder, 'ca.pem')}
    UCANPAY_VAULT_CERT=${join(folder, 'api.pem')}
    UCANPAY_VAULT_KEY=${join(folder, 'api.key')}

Move ${join(folder, 'ca.key')} to where no server is.`
}
