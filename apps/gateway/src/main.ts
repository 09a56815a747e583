import { compose } from './compose.ts'
import { ConfigError, HELP, readConfig } from './config.ts'
import { createLog, openLogFile } from './observability/log.ts'

/**
 * `ucanpay serve`: reads the configuration, brings the schema up to date, serves until SIGTERM or SIGINT.
 *
 * @returns the exit code
 */
export async function serve(args: readonly string[], checkoutFolder: string): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(`${HELP}\n`)
    return 0
  }
  let config
  try {
    config = readConfig(args, checkoutFolder)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`ucanpay serve cannot start:\n${error.problems.map((line) => `  - ${line}`).join('\n')}\n`)
    return 1
  }
  const log = createLog(config.logFile === undefined ? undefined : openLogFile(config.logFile))
  const gateway = compose(config, log)
  await gateway.migrate()
  const urls = await gateway.start()
  log.info({ role: config.role, url: urls.apiUrl ?? urls.checkoutUrl ?? null }, 'serving')
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
  await gateway.stop()
  return 0
}
