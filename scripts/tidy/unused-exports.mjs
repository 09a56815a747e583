import { runTool } from './run-tool.mjs'

const WHAT = {
  exports: (name) => `nobody imports ${name}`,
  types: (name) => `nobody imports the type ${name}`,
  files: () => 'nobody imports this file',
}

/** What nobody uses, by knip and knip.json. */
export function unusedExports(root) {
  const args = ['--reporter', 'json', '--no-progress', '--no-config-hints', '--include', Object.keys(WHAT).join(',')]
  const { issues } = runTool(root, { packageName: 'knip', bin: 'knip', args })
  return issues.flatMap((issue) =>
    Object.entries(WHAT).flatMap(([kind, say]) =>
      (issue[kind] ?? []).map(({ name, line }) => ({
        file: issue.file,
        line: line ?? 1,
        what: say(name),
        why: 'what is unused is still read, tested, built and attacked',
        todo: kind === 'files' ? 'remove it' : 'remove it, or its `export`',
      })),
    ),
  )
}
