import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'

interface Step {
  readonly name: string
  readonly id?: string
  readonly if?: string
  readonly uses?: string
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
  readonly run?: string
}

interface Action {
  readonly name: string
  readonly description: string
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ACTION = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action
const STEPS = ACTION.runs.steps
const UNSAFE = "require('https').request({ rejectUnauthorized: false })\n"
const STRIPE_TEST = ['sk', 'test', 'kQ7vT2xLw9ZbR4mHs6NcJ8yP'].join('_')

/** A runner with a checkout on it: what GitHub gives an action, in a folder that goes with the test. */
interface Runner {
  readonly checkout: string
  /** Runs all steps, as the runner would: up to the first that fails. */
  run(inputs?: Readonly<Record<string, string>>): Outcome
  readonly installed: string
}

interface Outcome {
  readonly code: number
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

function makeRunner(files: Readonly<Record<string, string>>): Runner {
  const root = mkdtempSync(join(tmpdir(), 'ucanpay action '))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const at = (name: string): string => join(root, name)
  for (const folder of ['checkout', 'temp', 'bin']) mkdirSync(at(folder))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at('checkout'), path)), { recursive: true })
    writeFileSync(join(at('checkout'), path), text)
  }
  // Stands for npm, which has no registry here: it notes what it was asked for, and puts this scanner there.
  const scanner = join(ROOT, 'apps', 'scanner', 'bin', 'ucanpay-audit.mjs')
  const npm = `#!/bin/bash
printf '%s\\n' "$@" >'${at('installed')}'
mkdir -p "$3/node_modules/.bin"
ln -sf '${scanner}' "$3/node_modules/.bin/ucanpay-audit"
`
  writeFileSync(at('bin/npm'), npm, { mode: 0o755 })
  return {
    checkout: at('checkout'),
    installed: at('installed'),
    run(inputs = {}) {
      const values = new Map(
        Object.entries(ACTION.inputs).map(([name, input]) => [name, inputs[name] ?? input.default]),
      )
      writeFileSync(at('output'), '')
      writeFileSync(at('summary'), '')
      let log = ''
      let code = 0
      for (const step of STEPS) {
        if (step.run === undefined || code !== 0) continue
        const env = Object.entries(step.env ?? {}).map(([name, text]) => [name, filledIn(text, values)])
        writeFileSync(at('step.sh'), step.run)
        // The command by which a runner starts `shell: bash`.
        const done = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', at('step.sh')], {
          cwd: at('checkout'),
          encoding: 'utf8',
          env: {
            PATH: `${at('bin')}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
            ...{ GITHUB_ACTION_PATH: ROOT, GITHUB_WORKSPACE: at('checkout'), RUNNER_TEMP: at('temp') },
            ...{ GITHUB_OUTPUT: at('output'), GITHUB_STEP_SUMMARY: at('summary') },
            ...(Object.fromEntries(env) as Record<string, string>),
          },
        })
        log += done.stdout + done.stderr
        code = done.status ?? 1
      }
      const lines = readFileSync(at('output'), 'utf8').trim().split('\n')
      const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<
        string,
        string
      >
      return { code, log, outputs, summary: readFileSync(at('summary'), 'utf8') }
    },
  }
}

function filledIn(text: string, values: ReadonlyMap<string, string>): string {
  const name = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(text)?.[1] ?? ''
  const value = values.get(name)
  if (value === undefined) throw new Error(`${text} is no input`)
  return value
}

test('it is a composite action, each of whose inputs and outputs is described', () => {
  expect(ACTION.runs.using).toBe('composite')
  expect(Object.keys(ACTION.inputs)).toEqual(['path', 'format', 'fail-on', 'baseline', 'version', 'upload-sarif'])
  for (const input of Object.values(ACTION.inputs)) {
    expect(input.description.length).toBeGreaterThan(20)
    expect(typeof input.default).toBe('string')
  }
  for (const { value } of Object.values(ACTION.outputs)) {
    const [, id] = /^\$\{\{ steps\.([a-z]+)\.outputs\.[a-z]+ \}\}$/.exec(value) ?? []
    expect(STEPS.some((step) => step.id === id)).toBe(true)
  }
})

test('no input becomes part of a script, and what others made is pinned to a commit', () => {
  for (const { name, run, uses, shell } of STEPS) {
    expect({ name, expressions: run?.includes('${{') ?? false }).toEqual({ name, expressions: false })
    if (run !== undefined) expect({ name, shell }).toEqual({ name, shell: 'bash' })
    else expect(uses).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/)
  }
  expect(STEPS.find(({ uses }) => uses !== undefined)?.if).toContain("inputs.upload-sarif == 'true'")
})

test('a clean checkout passes, with an empty report', () => {
  const runner = makeRunner({ 'a.js': 'const a = 1\n' })
  const { code, outputs, summary } = runner.run()
  expect({ code, found: outputs['found'] }).toEqual({ code: 0, found: 'false' })
  const report = JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as { runs: { results: unknown[] }[] }
  expect(report.runs.map(({ results }) => results)).toEqual([[]])
  expect(summary).not.toBe('')
  const { version } = JSON.parse(readFileSync(join(ROOT, 'apps/scanner/package.json'), 'utf8')) as { version: string }
  expect(readFileSync(runner.installed, 'utf8')).toContain(`ucanpay-audit@${version}\n`)
})

test('a finding fails the job, is in the log, in the report and in the summary', () => {
  const { code, log, outputs, summary } = makeRunner({ 'src/pay.js': UNSAFE }).run()
  expect(code).toBe(1)
  expect(log).toContain('src/pay.js')
  expect(log).toContain('::error::ucanpay-audit: 1 finding (1 critical)')
  expect(summary).toContain('tls-verification-disabled')
  expect(outputs['found']).toBe('true')
  expect(readFileSync(outputs['report'] ?? '', 'utf8')).toContain('"tls-verification-disabled"')
})

test.each([
  ['sarif', 'ucanpay-audit.sarif'],
  ['json', 'ucanpay-audit.json'],
  ['junit', 'ucanpay-audit.xml'],
  ['html', 'ucanpay-audit.html'],
  ['markdown', 'ucanpay-audit.md'],
  ['oscal', 'ucanpay-audit.oscal.json'],
])('the report is written as %s', (format, name) => {
  const { outputs } = makeRunner({ 'a.js': UNSAFE }).run({ format, 'fail-on': 'never' })
  expect(outputs['report']?.endsWith(`/${name}`)).toBe(true)
  expect(readFileSync(outputs['report'] ?? '', 'utf8')).toContain('tls-verification-disabled')
})

test('what is less severe than fail-on is reported, and does not fail the job', () => {
  const runner = makeRunner({ 'a.js': `const key = '${STRIPE_TEST}'\n` })
  for (const [failOn, code] of [
    ['low', 1],
    ['medium', 1],
    ['high', 0],
    ['never', 0],
  ] as const) {
    const outcome = runner.run({ 'fail-on': failOn })
    expect({ failOn, code: outcome.code, found: outcome.outputs['found'] }).toEqual({ failOn, code, found: 'true' })
  }
})

test('the path and the baseline are those that were given, whatever is in their names', () => {
  const runner = makeRunner({ 'clean/a.js': 'const a = 1\n', '-o $(touch owned) `touch owned`;/b.js': UNSAFE })
  expect(runner.run({ path: 'clean' }).code).toBe(0)
  expect(runner.run({ path: '-o $(touch owned) `touch owned`;' }).code).toBe(1)
  expect(existsSync(join(runner.checkout, 'owned'))).toBe(false)
  expect(runner.run({ path: 'clean', baseline: 'none.json' }).code).toBe(2)
})

test('what it cannot carry out fails, also with fail-on never', () => {
  const runner = makeRunner({ 'a.js': 'const a = 1\n' })
  expect(runner.run({ path: 'nowhere', 'fail-on': 'never' }).code).toBe(2)
  expect(runner.run({ 'fail-on': 'sometimes' }).code).toBe(2)
  expect(runner.run({ format: 'pdf' }).code).toBe(2)
})

test.each(['latest', '^0.1.0', 'git+https://elsewhere.example/x.git', '0.1.0; touch owned', '../elsewhere'])(
  'the version %s is refused before anything is installed',
  (version) => {
    const runner = makeRunner({ 'a.js': 'const a = 1\n' })
    expect(runner.run({ version }).code).toBe(2)
    expect(existsSync(runner.installed)).toBe(false)
  },
)

test('a version that is one is installed', () => {
  const runner = makeRunner({ 'a.js': 'const a = 1\n' })
  expect(runner.run({ version: '0.2.0-beta.1' }).code).toBe(0)
  expect(readFileSync(runner.installed, 'utf8')).toContain('ucanpay-audit@0.2.0-beta.1\n')
})
