import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FAILURES } from '@ucanpay/wire/failures'
import { CHAIN_START, checkpointText, sealOf } from '@ucanpay/gateway/domain/audit-log/chain'
import { endText } from '@ucanpay/gateway/domain/audit-log/export-audit'
import { verifyAudit } from '@ucanpay/gateway/domain/audit-log/verify-audit'
import { signText } from '@ucanpay/gateway/domain/signatures/signature'
import { expect, onTestFinished, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const FILES = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)))
const PAGES = FILES.filter((path) => path.endsWith('.md'))

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** A page without its blocks of code, where brackets are no links. */
function proseOf(path: string): string {
  return read(path).replace(/^```[\s\S]*?^```$/gm, '')
}

/** The anchors of a page, made of its headings as forges make them. */
function anchorsOf(path: string): string[] {
  const headings = [...proseOf(path).matchAll(/^#{1,6} (.+)$/gm)].map(([, text = '']) => text)
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** What is wrong with a reference from one file to another; undefined where it leads somewhere. */
function broken(target: string): string | undefined {
  const [path = '', anchor] = target.split('#')
  if (!existsSync(join(ROOT, path))) return `no file ${path}`
  if (anchor !== undefined && !anchorsOf(path).includes(anchor)) return `no heading #${anchor} in ${path}`
  return undefined
}

/** The cells of each row of the page's tables, without their headings. */
function rowsOf(path: string): string[][] {
  const lines = proseOf(path).split('\n')
  return lines
    .filter(
      (line, at) => line.startsWith('|') && !/^\|[\s|:-]+$/.test(line) && !/^\|[\s|:-]+$/.test(lines[at + 1] ?? ''),
    )
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
}

test('every link of every page leads to a file and a heading that are there', () => {
  const links = PAGES.flatMap((page) =>
    [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({
        page,
        target: target.startsWith('#') ? page + target : normalize(join(dirname(page), target)),
      })),
  )
  expect(links.length).toBeGreaterThan(50)
  const wrong = links.flatMap(({ page, target }) => {
    const problem = broken(target)
    return problem === undefined ? [] : [`${page}: ${problem}`]
  })
  expect(wrong).toEqual([])
})

test('every page that the code points to is there, and so is the section that it names', () => {
  const mentions = FILES.filter(
    (path) => /\.(?:ts|tsx|mjs|sql|md|json)$/.test(path) && !path.startsWith('scripts/tidy/'),
  )
    .filter((path) => path !== 'test/docs.test.ts' && path !== 'package-lock.json')
    .flatMap((path) =>
      [...read(path).matchAll(/(?<![\w/.-])(docs\/[\w./-]*\w)(?:(?:, |: )"([^"]+)")?/g)].map((found) => ({
        path,
        found,
      })),
    )
  expect(mentions.length).toBeGreaterThan(10)
  const wrong = mentions.flatMap(({ path, found: [, page = '', section] }) => {
    if (!existsSync(join(ROOT, page))) return [`${path}: no ${page}`]
    const named = section === undefined || read(page).includes(section)
    return named ? [] : [`${path}: no section "${section}" in ${page}`]
  })
  expect(wrong).toEqual([])
})

test('every msg has a line that says its statuses, what it means and what to do', () => {
  const rows = rowsOf('docs/errors.md').filter(([name = '']) => /^`[A-Z0-9_]+`$/.test(name))
  const described = rows.map(([name = '', statuses, meaning = '', remedy = '']) => {
    expect(meaning.length, name).toBeGreaterThan(10)
    expect(remedy.length, name).toBeGreaterThan(5)
    return [name.slice(1, -1), statuses]
  })
  expect(described).toEqual(Object.entries(FAILURES).map(([name, { statuses }]) => [name, statuses.join(', ')]))
})

test('every file and every test that a control or a practice names is there, and each has a state', () => {
  const tables = PAGES.filter((path) => /^docs\/(?:controls\/(?!README)|practices)/.test(path))
  expect(tables.length).toBeGreaterThan(13)
  const wrong: string[] = []
  for (const page of tables) {
    const rows = rowsOf(page).filter((cells) => /^(?:held|part|not yet|yours)\b/.test(cells.at(-1) ?? ''))
    expect(rows.length, page).toBeGreaterThan(0)
    expect(rowsOf(page).length, `${page}: a row without a state`).toBe(rows.length)
    for (const cells of rows) {
      const state = cells.at(-1) ?? ''
      const named = [...cells.join(' ').matchAll(/`([\w.@-]+\/[\w./@-]+|[\w-]+\.(?:ts|md|json))`/g)].map(
        ([, path = '']) => path,
      )
      wrong.push(...named.filter((path) => !existsSync(join(ROOT, path))).map((path) => `${page}: no ${path}`))
      const proved = named.some((path) => /\.test\.(?:ts|mjs)$/.test(path))
      if (state.startsWith('held') && !proved) wrong.push(`${page}: no test proves ${cells[0] ?? ''}`)
    }
  }
  expect(wrong).toEqual([])
})

/** An export as the gateway writes it, by its own functions. */
async function madeExport(): Promise<{ lines: string[]; jwks: string; publicKey: KeyObject }> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const sign = (text: string) => signText(privateKey, { text, scheme: 'guide-2024', algorithm: 'RSA' })
  const kid = 'rsa-test'
  const exportedAt = '2026-11-24T12:00:00.000Z'
  const lines: string[] = [JSON.stringify({ type: 'export', version: 1, exportedAt, merchantId: null })]
  for (const merchantId of ['M1', 'M2']) {
    let hash = CHAIN_START
    lines.push(JSON.stringify({ type: 'chain', merchantId }))
    for (let seq = 1; seq <= 3; seq++) {
      const row = {
        ...{ merchantId, auditId: `aud_${seq}`, mode: 'test', at: '2026-11-24T11:59:00.000000Z', actor: 'operator' },
        ...{
          action: 'merchant.created',
          target: 'é',
          requestId: seq === 1 ? null : '',
          ip: null,
          before: null,
          after: 'x',
        },
      }
      hash = sealOf(row, seq, hash)
      lines.push(JSON.stringify({ type: 'entry', ...row, seq, seal: hash.toString('hex') }))
    }
    const checkpoint = { merchantId, seq: 3, hash: hash.toString('hex'), at: exportedAt }
    lines.push(
      JSON.stringify({ type: 'checkpoint', ...checkpoint, kid, signature: await sign(checkpointText(checkpoint)) }),
    )
  }
  const digest = createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('hex')
  const end = { lines: lines.length, digest }
  lines.push(JSON.stringify({ type: 'end', ...end, kid, signature: await sign(endText(end)) }))
  return { lines, jwks: JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid }] }), publicKey }
}

test('the verifier in the docs has 60 lines at most, and agrees with ours on a good log and on tampered ones', async () => {
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(read('docs/audit-log.md')) ?? []
  expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(60)
  const folder = mkdtempSync(join(tmpdir(), 'ucanpay-docs-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const { lines, jwks, publicKey } = await madeExport()
  const script = file('verify.mjs', code)
  const keys = file('jwks.json', jwks)
  const verdicts = async (changed: readonly string[]): Promise<{ theirs: boolean; ours: boolean }> => {
    const text = changed.map((line) => `${line}\n`).join('')
    const { status } = spawnSync(process.execPath, [script, file('audit.jsonl', text), keys], { encoding: 'utf8' })
    async function* each(): AsyncGenerator<string> {
      yield* changed
      await Promise.resolve()
    }
    const { finding } = await verifyAudit(each(), { keys: new Map([['*', publicKey]]) })
    return { theirs: status === 0, ours: finding === undefined }
  }
  expect(await verdicts(lines)).toEqual({ theirs: true, ours: true })
  const without = (at: number): string[] => lines.filter((_line, index) => index !== at)
  const tampered: Record<string, string[]> = {
    'a row changed': lines.map((line, at) => (at === 3 ? line.replace('merchant.created', 'merchant.deleted') : line)),
    'a row removed': without(3),
    'a checkpoint removed': without(5),
    'the end removed': without(lines.length - 1),
    'two rows changed places': [...lines.slice(0, 2), lines[3] ?? '', lines[2] ?? '', ...lines.slice(4)],
    'null made an empty text': lines.map((line, at) =>
      at === 2 ? line.replace('"requestId":null', '"requestId":""') : line,
    ),
    'a checkpoint of another merchant': lines.map((line, at) => (at === 5 ? line.replace('"M1"', '"M2"') : line)),
    'a chain left out': lines.filter((line) => !line.includes('M1')),
    'all rows of a merchant taken out': lines.filter((line) => !(line.includes('entry') && line.includes('M1'))),
    'nothing but the frame': [lines[0] ?? '', lines.at(-1) ?? ''],
  }
  for (const [what, changed] of Object.entries(tampered)) {
    expect({ what, ...(await verdicts(changed)) }).toEqual({ what, theirs: false, ours: false })
  }
})

test("the SDK's reference is what its docstrings say", () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/sdk-reference.mjs', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
})
