/** `npm run tidy`: what a machine can check of how our code is laid out. Prints every finding; exits with 1 where there is one. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { findIn } from './tidy/rules.mjs'

const findings = []

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && existsSync(path) && !/\.(png|ico|woff2)$/.test(path))
for (const path of files) findings.push(...findIn(path, readFileSync(path, 'utf8')))

findings.push(...editedMigrations())
run('dependency-cruiser', [
  'depcruise',
  '--config',
  '.dependency-cruiser.cjs',
  '--output-type',
  'err',
  'apps',
  'packages',
  'examples',
])
run('knip', ['knip', '--no-progress'])

for (const finding of findings) console.log(finding)
console.log(findings.length === 0 ? `tidy: ${files.length} files, nothing found` : `tidy: ${findings.length} findings`)
process.exit(findings.length === 0 ? 0 : 1)

/** A released migration has run somewhere: a change to it would never arrive there. */
function editedMigrations() {
  const released = JSON.parse(readFileSync('apps/gateway/migrations/released.json', 'utf8'))
  return Object.entries(released).flatMap(([name, sha256]) => {
    const path = `apps/gateway/migrations/${name}`
    const hash = existsSync(path) && createHash('sha256').update(readFileSync(path)).digest('hex')
    return hash === sha256 ? [] : [`${path}: migration: it is released; write a further one instead.`]
  })
}

function run(name, [command, ...args]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`node_modules/.bin/${command}`, ...args], {
    encoding: 'utf8',
  })
  if (status !== 0) findings.push(`${name}:\n${stdout}${stderr}`)
}
