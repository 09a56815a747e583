import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from './run-tool.mjs'

const FOLDERS = ['apps', 'packages', 'examples', 'scripts', 'test']

/** Imports that go up, across or in a circle, by the rules in .dependency-cruiser.cjs. */
export function wrongArrows(root, sources) {
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)))
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders]
  const { summary, modules } = runTool(root, { packageName: 'dependency-cruiser', bin: 'depcruise', args })
  const texts = new Map(sources.map(({ path, text }) => [path, text]))
  const rules = new Map(summary.ruleSetUsed.forbidden.map((rule) => [rule.name, rule]))
  return summary.violations.map(({ from, to, rule, cycle }) => {
    const dependency = modules
      .find(({ source }) => source === from)
      ?.dependencies.find(({ resolved, module }) => resolved === to || module === to)
    const way = cycle ? [from, ...cycle.map(({ name }) => name)].join(' → ') : `${from} → ${to}`
    return {
      file: from,
      line: lineOf(texts.get(from) ?? '', dependency?.module),
      what: `${rule.name}: ${way}`,
      why: 'imports go down, never up, never in a circle',
      todo: rules.get(rule.name)?.comment ?? 'see .dependency-cruiser.cjs',
    }
  })
}

function lineOf(text, specifier) {
  const at = text.search(new RegExp(`['"]${(specifier ?? '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}['"]`))
  return text.slice(0, Math.max(0, at)).split('\n').length
}
