import { readCommandLine, UsageError } from './command-line.ts'
import { readEnvironment } from './config.ts'
import { explain } from './commands/explain.ts'
import { help, version } from './commands/help.ts'
import { listRules } from './commands/list-rules.ts'
import { probe } from './commands/probe.ts'
import { scan } from './commands/scan.ts'

/** 0: nothing found; 1: something found; 2: not carried out. */
async function main(args: readonly string[]): Promise<number> {
  const command = readCommandLine(args)
  const environment = readEnvironment()
  if (command.help) return help()
  if (command.version) return version()
  if (command.listRules) return listRules()
  if (command.explain !== undefined) return explain(command.explain)
  if (command.paths.some((path) => /^https?:\/\//i.test(path))) return await probe(command, environment)
  return await scan(command, environment)
}

// Whoever reads only the beginning, as `| head` does, has what they wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const words = error instanceof UsageError ? error.message : ((error as Error).stack ?? String(error))
  process.stderr.write(`ucanpay-audit: ${words}\n`)
  process.exitCode = 2
}
