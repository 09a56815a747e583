/**
 * `npm run tidy`: what a machine can check of how this tree is kept. Prints every finding; fails where there is one.
 * Another folder than this clone's can be named as its argument.
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { barrels } from './tidy/barrels.mjs'
import { clocksInTheDomain, environmentReads, outgoingRequests } from './tidy/boundaries.mjs'
import { namesThatSayNothing } from './tidy/file-names.mjs'
import { wrongArrows } from './tidy/import-arrows.mjs'
import { leftOutTests } from './tidy/left-out-tests.mjs'
import { fetchedFrom, homePaths, looseVersions, registryHosts } from './tidy/packages.mjs'
import { editedMigrations } from './tidy/released-migrations.mjs'
import { routesWithoutAccess } from './tidy/routes.mjs'
import { readTree } from './tidy/source-tree.mjs'
import { unusedExports } from './tidy/unused-exports.mjs'

const RULES = [
  namesThatSayNothing,
  environmentReads,
  outgoingRequests,
  clocksInTheDomain,
  routesWithoutAccess,
  barrels,
  leftOutTests,
  editedMigrations,
  looseVersions,
  fetchedFrom,
  registryHosts,
  homePaths,
]

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)))
const sources = readTree(root)
const findings = [...RULES.flatMap((rule) => rule(sources)), ...wrongArrows(root, sources), ...unusedExports(root)]
for (const { file, line, what, why, todo } of findings) console.log(`${file}:${line}  ${what}\n    ${why}; ${todo}`)
const files = `${sources.length} files`
console.log(
  findings.length === 0 ? `Tidy: ${files}, nothing found.` : `Not tidy: ${findings.length} findings in ${files}.`,
)
process.exit(findings.length === 0 ? 0 : 1)
