import { ApiError } from '@ucanpay/gateway/domain/api-error'
import { MigrationError } from '@ucanpay/gateway/database/migrate'
import { InstallationKeyError } from '@ucanpay/gateway/domain/sealing/installation-keys'
import { serve } from '@ucanpay/gateway/main'
import { KeySourceError } from '@ucanpay/vault/key-encryption'
import { UsageError, shown } from './command.ts'
import { AUDIT_LOG_HELP, auditLog } from './commands/audit-log.ts'
import { DOCTOR_HELP, doctor } from './commands/doctor.ts'
import { EVIDENCE_HELP, evidence } from './commands/evidence.ts'
import { GDPR_HELP, gdpr } from './commands/gdpr.ts'
import { KEYS_HELP, keys } from './commands/keys.ts'
import { LOGS_HELP, logs } from './commands/logs.ts'
import { MEMBERS_HELP, members } from './commands/members.ts'
import { MERCHANTS_HELP, merchants } from './commands/merchants.ts'
import { MIGRATE_HELP, migrate } from './commands/migrate.ts'
import { SIGNING_KEYS_HELP, signingKeys } from './commands/signing-keys.ts'
import { VAULT_HELP, vault } from './commands/vault.ts'
import { FRONT_ENDS } from './config.ts'
import { runSandbox } from './sandbox/run-sandbox.ts'

const HELP = `ucanpay: an open payment gateway

  ucanpay sandbox              a whole test gateway with a demo shop, on its own database (npm start)
  ucanpay serve [--role R]     the gateway in production

  ucanpay merchants …          create, update, list
  ucanpay members …            invite, list, disable members of a team; links to set a password
  ucanpay keys …               create, list, roll, revoke API keys
  ucanpay vault …              key ring: new, status, rotate, retire; certificates
  ucanpay signing-keys …       new, list, add, switch, retire: what signs answers and the audit log
  ucanpay migrate              bring the database's schema up to date
  ucanpay logs [req_…]         the story behind a failed request
  ucanpay audit-log …          export, verify
  ucanpay evidence …           export, verify: a signed bundle for auditors
  ucanpay gdpr …               export, erase a customer
  ucanpay doctor               checks a running installation against every practice

Every command has --help. Commands work on the installation of DATABASE_URL, UCANPAY_KEY_RING and UCANPAY_SIGNING_KEYS;
where DATABASE_URL is not set, on the sandbox of this folder. The API's reference is served by the gateway at /reference.`

interface Command {
  /** Absent where the command prints its own. */
  readonly help?: string
  readonly run: (args: readonly string[]) => Promise<number>
}

const COMMANDS: Readonly<Record<string, Command>> = {
  sandbox: { run: runSandbox },
  serve: { run: (args) => serve(args, FRONT_ENDS) },
  merchants: { help: MERCHANTS_HELP, run: merchants },
  members: { help: MEMBERS_HELP, run: members },
  keys: { help: KEYS_HELP, run: keys },
  logs: { help: LOGS_HELP, run: logs },
  'signing-keys': { help: SIGNING_KEYS_HELP, run: signingKeys },
  vault: { help: VAULT_HELP, run: vault },
  migrate: { help: MIGRATE_HELP, run: migrate },
  evidence: { help: EVIDENCE_HELP, run: evidence },
  gdpr: { help: GDPR_HELP, run: gdpr },
  doctor: { help: DOCTOR_HELP, run: doctor },
  'audit-log': { help: AUDIT_LOG_HELP, run: auditLog },
}

// Whoever reads only the beginning, such as `head`, has what they wanted; any other failure to write is one.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

const [name, ...args] = process.argv.slice(2)
process.exitCode = await main(name, args)

async function main(wanted: string | undefined, given: readonly string[]): Promise<number> {
  if (wanted === undefined || wanted === 'help' || wanted === '--help') {
    process.stdout.write(`${HELP}\n`)
    return 0
  }
  const command = Object.hasOwn(COMMANDS, wanted) ? COMMANDS[wanted] : undefined
  if (!command) {
    process.stderr.write(`There is no command ${shown(wanted)}.\n\n${HELP}\n`)
    return 2
  }
  if (command.help !== undefined && (given.includes('--help') || given[0] === 'help')) {
    process.stdout.write(`${command.help}\n`)
    return 0
  }
  try {
    return await command.run(given)
  } catch (error) {
    const known = describe(error)
    if (known === undefined) throw error
    process.stderr.write(`ucanpay ${wanted}: ${known}\n`)
    return error instanceof UsageError ? 2 : 1
  }
}

/** What a person can do something about; anything else is ours to mend and is shown whole. */
function describe(error: unknown): string | undefined {
  const ours = [UsageError, RangeError, KeySourceError, InstallationKeyError, MigrationError]
  if (error instanceof Error && ours.some((kind) => error instanceof kind)) return error.message
  if (error instanceof ApiError) return `${error.msg}: ${error.message}`
  const { code, path } = error as { code?: unknown; path?: unknown }
  if (code === 'ENOENT' && typeof path === 'string' && !path.includes('.s.PGSQL')) return `there is no file ${path}`
  if (code === 'EACCES' && typeof path === 'string') return `${path} may not be read or written`
  if (code === 'ECONNREFUSED' || code === 'ENOENT')
    return 'the database does not answer: see that it runs where DATABASE_URL says; of the sandbox, run npm start'
  if (code === '28P01' || code === '28000') return 'DATABASE_URL: the database refuses this role or its password'
  if (code === '23505') return 'there is one of this number already'
  if (code === '23503') return 'there is no such merchant'
  if (code === '42501') return "the database role may not do this: use the owner's DATABASE_URL"
  return undefined
}
