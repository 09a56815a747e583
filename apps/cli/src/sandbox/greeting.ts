import { join, relative } from 'node:path'
import type { DevJson } from './dev-json.ts'

/** What a developer reads when the sandbox is up: where everything is, and what to try first. */
export function greeting({ dev, home }: { dev: DevJson; home: string }, startedInS: number): string {
  const here = (file: string): string => {
    const path = relative(process.cwd(), file)
    return path.startsWith('..') ? file : `./${path}`
  }
  const devJson = here(join(home, 'dev.json'))
  return `
  UCanPay is up (${startedInS.toFixed(1)} s). Test mode: no money moves.

  Demo shop        ${dev.shopUrl}
  Dashboard        ${dev.dashboardUrl}   ${dev.adminEmail}, adminPassword of ${devJson}
  API              ${dev.apiUrl}/payment/…
  API reference    ${dev.apiUrl}/reference

  Buy a coffee in the shop and pay with card 4242 4242 4242 4242, any future expiry date and any security code.
  Your browser does not know the development CA yet: accept its warning, or trust ${here(dev.caFile)}.

  The first request:

    curl --cacert ${here(dev.caFile)} ${dev.apiUrl}/payment/unifiedorder \\
      -H "Authorization: Bearer $(node -p 'require("${devJson}").secretKey')" \\
      -H 'Content-Type: application/json' \\
      -d '{"subject":"Coffee","body":"One coffee","totalAmt":450,"sceneType":"MWEB","notifyUrl":"${dev.shopUrl}/notifications"}'

  Keys and addresses are in ${devJson}; the log is ${here(dev.logFile)}. Ctrl-C stops.

`
}
