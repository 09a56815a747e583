import { join } from 'node:path'
import { serve } from '@ucanpay/gateway/main'
import { ROOT } from './config.ts'
import { runSandbox } from './sandbox/run-sandbox.ts'

const HELP = `ucanpay: an open payment gateway

  ucanpay sandbox           a whole test gateway with a demo shop, on its own database (npm start)
  ucanpay serve [--role R]  the gateway in production; ucanpay serve --help tells what it needs

The API's reference is served by the gateway at /reference.`

const [command, ...args] = process.argv.slice(2)

switch (command) {
  case 'sandbox':
    process.exitCode = await runSandbox(args)
    break
  case 'serve':
    process.exitCode = await serve(args, join(ROOT, 'apps', 'checkout', 'dist'))
    break
  case undefined:
  case 'help':
  case '--help':
    process.stdout.write(`${HELP}\n`)
    break
  default:
    process.stderr.write(`There is no command of this name.\n\n${HELP}\n`)
    process.exitCode = 2
}
