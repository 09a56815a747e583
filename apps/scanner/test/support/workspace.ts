import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** A folder of its own, with the scanner and git at hand. */
export interface Workspace {
  readonly root: string
  write(files: Readonly<Record<string, string>>): void
  /** Runs the program within it. */
  audit(...args: readonly string[]): { code: number | null; out: string; err: string }
  /** What `--format json` has found, as `path:line rule`. */
  found(...args: readonly string[]): string[]
  git(...args: readonly string[]): string
}

/** Makes a folder that goes with the test. */
export function makeWorkspace(files: Readonly<Record<string, string>> = {}): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'ucanpay-audit-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const run = (program: string, args: readonly string[]): { code: number | null; out: string; err: string } => {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' })
    return { code: status, out: stdout, err: stderr }
  }
  const workspace: Workspace = {
    root,
    write(more) {
      for (const [path, text] of Object.entries(more)) {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), text)
      }
    },
    audit: (...args) => run(process.execPath, [MAIN, ...args]),
    found(...args) {
      const { out, err } = workspace.audit('--format', 'json', ...args)
      if (out === '') throw new Error(err)
      const { findings } = JSON.parse(out) as {
        findings: { ruleId: string; place: { path: string; line: number }; commit?: string }[]
      }
      return findings.map(({ ruleId, place, commit }) => {
        const where = `${place.path}:${place.line} ${ruleId}`
        return commit === undefined ? where : `${where} in a commit`
      })
    },
    git(...args) {
      const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'init.defaultBranch=main']
      const { code, out, err } = run('git', [...identity, ...args])
      if (code !== 0) throw new Error(err)
      return out
    },
  }
  workspace.write(files)
  return workspace
}
