/** Writes src/rules/all-rules.ts, the list of every rule, and a page for each. A test says when it is due. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../src/rules', import.meta.url))
const files = readdirSync(folder, { recursive: true })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /^[^/]+\/[^/]+\.ts$/.test(path) && !path.endsWith('.test.ts'))
  .sort()
const nameOf = (path) =>
  path.replace(/^.*\/(.*)\.ts$/, '$1').replace(/-([a-z0-9])/g, (_dash, letter) => letter.toUpperCase())
const imports = files.map((path) => `import { rule as ${nameOf(path)} } from './${path}'`)
const list = files.map((path) => `  ${nameOf(path)},`)
writeFileSync(
  join(folder, 'all-rules.ts'),
  `// Written by \`npm run rules -w apps/scanner\`.
import type { Rule } from '../engine/rule.ts'
${imports.join('\n')}

/** Every rule, by practice and name. */
export const ALL_RULES: readonly Rule[] = [
${list.join('\n')}
]
`,
)

const { ALL_RULES } = await import('../src/rules/all-rules.ts')
const { ALL_PROBES } = await import('../src/probes/all-probes.ts')
const { rulePage } = await import('../src/commands/explain.ts')
writePages('rules', ALL_RULES)
writePages('probes', ALL_PROBES)
console.log(`${ALL_RULES.length} rules and ${ALL_PROBES.length} probes listed.`)

function writePages(name, rules) {
  const pages = fileURLToPath(new URL(`../docs/${name}`, import.meta.url))
  rmSync(pages, { recursive: true, force: true })
  mkdirSync(pages, { recursive: true })
  for (const rule of rules) writeFileSync(join(pages, `${rule.id}.md`), rulePage(rule))
}
