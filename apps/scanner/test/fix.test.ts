import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mend } from '../src/commands/mend.ts'
import { applyFixes } from '../src/engine/findings/apply-fixes.ts'
import { ALL_RULES } from '../src/rules/all-rules.ts'
import { readCorpus } from './support/corpus.ts'
import { scanTexts } from './support/scan-case.ts'
import { makeWorkspace } from './support/workspace.ts'

const UNSAFE = `const https = require('https')
https.request({ rejectUnauthorized: false, minVersion: 'TLSv1' })
app.get('/in', (req, res) => res.cookie('session', req.id, { sameSite: 'lax' }))
`
const SAFE = `const https = require('https')
https.request({ rejectUnauthorized: true, minVersion: 'TLSv1.2' })
app.get('/in', (req, res) => res.cookie('session', req.id, { sameSite: 'lax', secure: true, httpOnly: true }))
`
/** As long ago as any file that somebody has had in hand. */
const EARLIER = new Date('2026-01-01T00:00:00Z')

const cases = readCorpus().filter(({ isTrue }) => isTrue)
const mending = ALL_RULES.filter(({ fixes }) => fixes !== undefined)

describe.each(ALL_RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const own = cases.filter(({ ruleId }) => ruleId === id)
  const found = own.map(({ files, where }) => ({ files, where, findings: scanTexts(files, [rule]) }))
  const fixable = found.filter(({ findings }) => findings.some(({ fix }) => fix !== undefined))

  test('says what --fix does, and does it in some case, or neither', () => {
    expect(fixable.length > 0).toBe(rule.fixes !== undefined)
  })

  test.each(fixable.map((each) => [each.where, each] as const))(
    '%s: what is mended is found no more',
    (_where, one) => {
      const mended = new Map(one.files)
      let count = 0
      for (const [path, text] of one.files) {
        const result = applyFixes(
          text,
          one.findings.filter(({ place }) => place.path === path),
        )
        mended.set(path, result.text)
        count += result.mended.length
      }
      const left = scanTexts(mended, [rule])
      expect(left.length).toBe(one.findings.length - count)
      expect(count).toBeGreaterThan(0)
      // Nothing else is wrong with it now that was not before: it can be parsed, and no other rule minds it.
      const others = ALL_RULES.filter((each) => each !== rule)
      expect(scanTexts(mended, others).length).toBeLessThanOrEqual(scanTexts(one.files, others).length)
    },
  )
})

test('some rules mend', () => {
  expect(mending.map(({ id }) => id)).toContain('tls-verification-disabled')
})

test('--fix mends what is safe to mend, names it, leaves the rest of the file and its rights, and then finds nothing', () => {
  const workspace = makeWorkspace({ 'a.js': UNSAFE, 'b.env': 'NODE_TLS_REJECT_UNAUTHORIZED=0\nPORT=80\n' })
  const path = join(workspace.root, 'a.js')
  chmodSync(path, 0o640)
  const { code, out, err } = workspace.audit('--fix', '.')
  expect(readFileSync(path, 'utf8')).toBe(SAFE)
  expect(readFileSync(join(workspace.root, 'b.env'), 'utf8')).toBe('NODE_TLS_REJECT_UNAUTHORIZED=1\nPORT=80\n')
  expect(statSync(path).mode & 0o777).toBe(0o640)
  expect(err).toContain('mended: a.js:2 tls-verification-disabled: Write true for false\n')
  expect(err).toContain('mended: a.js:3 cookie-without-secure: Add secure: true\n')
  expect(out).toContain('Nothing found')
  expect(code).toBe(0)
  expect(workspace.found('.')).toEqual([])
  expect(readdirSync(workspace.root).sort()).toEqual(['a.js', 'b.env'])
})

test('a mark at the beginning, the line ends and what stands in other letters are kept', () => {
  const workspace = makeWorkspace({ 'a.js': `\ufeff// été\r\n${UNSAFE.replaceAll('\n', '\r\n')}` })
  expect(workspace.audit('--fix', '.').code).toBe(0)
  expect(readFileSync(join(workspace.root, 'a.js'), 'utf8')).toBe(`\ufeff// été\r\n${SAFE.replaceAll('\n', '\r\n')}`)
})

test('a file that is not in UTF-8 is not written, since something would be lost', () => {
  const workspace = makeWorkspace()
  const bytes = Buffer.concat([Buffer.from(UNSAFE), Buffer.from('// \xe9t\xe9\n', 'latin1')])
  writeFileSync(join(workspace.root, 'a.js'), bytes)
  const { code, err } = workspace.audit('--fix', '.')
  expect(readFileSync(join(workspace.root, 'a.js')).equals(bytes)).toBe(true)
  expect(err).toContain('not mended: a.js (it is not written in UTF-8)')
  expect(code).toBe(1)
})

test('a file that was changed since the scan began is left as it is', () => {
  const workspace = makeWorkspace({ 'a.js': UNSAFE, 'b.js': UNSAFE })
  const [later, before] = [new Date(Date.now() + 3_600_000), EARLIER]
  utimesSync(join(workspace.root, 'a.js'), later, later)
  utimesSync(join(workspace.root, 'b.js'), before, before)
  const { code, err } = workspace.audit('--fix', '.')
  expect(readFileSync(join(workspace.root, 'a.js'), 'utf8')).toBe(UNSAFE)
  expect(readFileSync(join(workspace.root, 'b.js'), 'utf8')).toBe(SAFE)
  expect(err).toContain('not mended: a.js (it was changed since it was looked through: run again)')
  expect(code).toBe(1)
})

test('a file that went away, or became a link, is left, and the others are mended', () => {
  const workspace = makeWorkspace({ 'a.js': UNSAFE, 'elsewhere.txt': UNSAFE })
  symlinkSync('elsewhere.txt', join(workspace.root, 'link.js'))
  const names = ['gone.js', 'link.js', 'a.js']
  const findings = scanTexts(new Map(names.map((name) => [name, UNSAFE])), mending)
  const left = mend(workspace.root, findings, new Date(Date.now() + 60_000))
  expect([...new Set(left.map(({ place }) => place.path))].sort()).toEqual(['gone.js', 'link.js'])
  expect(readFileSync(join(workspace.root, 'a.js'), 'utf8')).toBe(SAFE)
  expect(readFileSync(join(workspace.root, 'elsewhere.txt'), 'utf8')).toBe(UNSAFE)
})

test('what is given elsewhere, and what others may go by, is left to people', () => {
  const workspace = makeWorkspace({
    'a.js': `const check = false\nrequire('https').request({ rejectUnauthorized: check })\n`,
    'b.js': `const o = {}\no.rejectUnauthorized = process.env.CHECK !== 'no' && false\nrequire('https').request(o)\n`,
  })
  const texts = (): string[] => ['a.js', 'b.js'].map((name) => readFileSync(join(workspace.root, name), 'utf8'))
  const before = texts()
  workspace.audit('--fix', '.')
  expect(texts()).toEqual(before)
})
