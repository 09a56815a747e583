import { appendFileSync } from 'node:fs'
import { config } from './config.js'

/** One line for each thing that happens. */
export function log(what, detail = {}) {
  const line = `${new Date().toISOString()} ${what} ${JSON.stringify(detail)}`
  console.log(line)
  appendFileSync(`${config.dataDir}/shop.log`, `${line}\n`)
}
