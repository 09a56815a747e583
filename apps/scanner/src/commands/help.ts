import { ownVersion } from '../installation.ts'

const HELP = `ucanpay-audit: finds what a payment integration must not do.

  ucanpay-audit [PATH…]             scans files and folders; this folder where none is given
  ucanpay-audit https://HOST…       asks a running site that is your own

  --format FORMAT                   terminal (where absent), json, sarif, junit, html, markdown or oscal
  -o, --output FILE                 writes them to a file
  --rules ID,ID…                    these rules only
  --min-severity LEVEL              low, medium, high or critical
  --config FILE                     instead of ucanpay-audit.config.json in the folder that is scanned
  --baseline FILE                   findings that are accepted, each with a reason and an end date
  --write-baseline FILE             writes what is found as a baseline, reasons to be filled in
  --fix                             mends what can be mended mechanically without a change of meaning
  --staged                          what is staged in git, for a hook
  --cache-dir DIR                   where results of unchanged files are kept
  --history                         also everything that was ever committed, for secrets and card numbers
  --no-cache                        keeps none
  --no-ignore                       also what .gitignore leaves out
  --yes                             the sites are mine: no question is asked
  --ca FILE                         authorities to trust beside the usual ones (PEM)
  --http-port PORT                  where the sites answer plain HTTP; 80 where absent
  --list-rules                      every rule, a line each
  --explain RULE                    why it matters, how to mend it, before and after, controls
  -v, --verbose                     also what was passed over, and why
  -q, --quiet                       no progress and no verdict

Exit code: 0 nothing found, 1 something found, 2 not carried out.
`

/** Prints what the command can do. */
export function help(): number {
  process.stdout.write(HELP)
  return 0
}

/** Prints the version. */
export function version(): number {
  process.stdout.write(`${ownVersion()}\n`)
  return 0
}
