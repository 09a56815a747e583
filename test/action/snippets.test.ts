import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const README = readFileSync(join(ROOT, 'apps/scanner/README.md'), 'utf8')

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, text = '']) => text,
  )
}

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly uses: string; readonly with?: Record<string, unknown> }[] }>
  >
}

test('the workflow in the README gives the action inputs that it has, and pins what others made', () => {
  const [text = ''] = blocks('yaml')
  const { jobs } = parse(text) as Workflow
  const { inputs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as { inputs: Record<string, unknown> }
  const steps = Object.values(jobs).flatMap(({ steps: own }) => own)
  const ours = steps.filter(({ uses }) => uses.startsWith('OWNER/'))
  expect(ours).toHaveLength(1)
  expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(ours[0]?.with ?? {})))
  for (const { uses } of steps) if (!uses.startsWith('OWNER/')) expect(uses).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/)
  for (const name of Object.keys(inputs)) expect(README).toContain(`| \`${name}\` `)
})

test('the hook in the README stops a commit with a finding, and lets a clean one pass', () => {
  const hook = blocks('sh').find((text) => text.includes('--staged')) ?? ''
  const root = mkdtempSync(join(tmpdir(), 'ucanpay-hook-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const git = (...args: readonly string[]): number | null => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'init.defaultBranch=main']
    const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`, HOME: root }
    return spawnSync('git', [...identity, ...args], { cwd: root, env }).status
  }
  expect(git('init', '--quiet')).toBe(0)
  mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true })
  symlinkSync(join(ROOT, 'apps/scanner/bin/ucanpay-audit.mjs'), join(root, 'node_modules/.bin/ucanpay-audit'))
  writeFileSync(join(root, '.git/hooks/pre-commit'), hook, { mode: 0o755 })
  writeFileSync(join(root, 'pay.js'), "require('https').request({ rejectUnauthorized: false })\n")
  expect(git('add', 'pay.js')).toBe(0)
  expect(git('commit', '--quiet', '-m', 'one')).toBe(1)
  writeFileSync(join(root, 'pay.js'), "require('https').request({})\n")
  expect(git('add', 'pay.js')).toBe(0)
  expect(git('commit', '--quiet', '-m', 'one')).toBe(0)
})
