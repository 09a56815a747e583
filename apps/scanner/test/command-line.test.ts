import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeWorkspace } from './support/workspace.ts'

const UNSAFE = "require('https').request({ rejectUnauthorized: false })\n"
const STRIPE = ['sk', 'live', 'kQ7vT2xLw9ZbR4mHs6NcJ8yP'].join('_')

test('the exit code says whether something was found, and whether it was done at all', () => {
  const workspace = makeWorkspace({ 'good/a.js': 'const a = 1\n', 'bad/a.js': UNSAFE })
  expect(workspace.audit('good').code).toBe(0)
  expect(workspace.audit('bad').code).toBe(1)
  expect(workspace.audit('nowhere').code).toBe(2)
  expect(workspace.audit('--no-such-option').code).toBe(2)
  expect(workspace.audit('--rules', 'no-such-rule', 'good').code).toBe(2)
})

test('the last line is the verdict, and nothing is coloured where nobody looks', () => {
  const workspace = makeWorkspace({ 'a.js': UNSAFE })
  const { out } = workspace.audit('.')
  expect(out.trimEnd().split('\n').at(-1)).toBe('1 finding (1 critical); 1 file read.')
  expect(out).not.toContain('\u001b')
})

test('a secret is never written out, in no format', () => {
  const workspace = makeWorkspace({ 'a.js': `const key = '${STRIPE}'\n` })
  for (const format of ['terminal', 'json', 'sarif', 'junit', 'html', 'markdown', 'oscal']) {
    const { out, code } = workspace.audit('--format', format)
    expect(code).toBe(1)
    expect(out).not.toContain(STRIPE.slice(8))
  }
})

test('a comment with a reason accepts a finding, one without accepts none', () => {
  const workspace = makeWorkspace({
    'a.js': `// ucanpay-audit-ignore tls-verification-disabled: a stub on this machine\n${UNSAFE}`,
    'b.js': `// ucanpay-audit-ignore tls-verification-disabled\n${UNSAFE}`,
    'c.js': `// ucanpay-audit-ignore secret-in-source: another rule\n${UNSAFE}`,
    'd.js': `${UNSAFE.trim()} // ucanpay-audit-ignore tls-verification-disabled: beside it\n`,
  })
  expect(workspace.found()).toEqual(['b.js:2 tls-verification-disabled', 'c.js:2 tls-verification-disabled'])
})

test('a baseline accepts what has a reason, until its day; lines may move', () => {
  const workspace = makeWorkspace({ 'a.js': UNSAFE })
  expect(workspace.audit('--write-baseline', 'base.json').code).toBe(0)
  expect(workspace.found('--baseline', 'base.json')).toHaveLength(1) // No reason was given yet.
  const draft = JSON.parse(readFileSync(join(workspace.root, 'base.json'), 'utf8')) as { accepted: object[] }
  const accept = (until: string): void => {
    const accepted = draft.accepted.map((entry) => ({ ...entry, reason: 'goes with the old bank', until }))
    workspace.write({ 'base.json': JSON.stringify({ ...draft, accepted }) })
  }
  accept('2999-12-31')
  workspace.write({ 'a.js': `\n\n// Moved.\n${UNSAFE}` })
  expect(workspace.found('--baseline', 'base.json')).toEqual([])
  accept('2020-01-01')
  expect(workspace.found('--baseline', 'base.json')).toEqual(['a.js:4 tls-verification-disabled'])
})

test('an unchanged file comes from the cache, and is scanned anew when what it imports has changed', () => {
  const workspace = makeWorkspace({
    'options.js': 'exports.options = { rejectUnauthorized: true }\n',
    'client.js': "const { options } = require('./options')\nrequire('https').request({ host: 'a', ...options })\n",
  })
  const cache = ['--cache-dir', join(workspace.root, '.audit')]
  expect(workspace.found(...cache)).toEqual([])
  expect(workspace.found(...cache)).toEqual([])
  workspace.write({ 'options.js': 'exports.options = { rejectUnauthorized: false }\n' })
  const changed = ['options.js:1 tls-verification-disabled']
  expect(workspace.found(...cache)).toEqual(changed)
  expect(workspace.found(...cache)).toEqual(changed)
})

test('a file that comes to be where an import led nowhere is not missed', () => {
  const workspace = makeWorkspace({
    'client.js': "const { off } = require('./flags')\nrequire('https').request({ rejectUnauthorized: !off })\n",
  })
  const cache = ['--cache-dir', join(workspace.root, '.audit')]
  expect(workspace.found(...cache)).toEqual([])
  workspace.write({ 'flags.js': 'exports.off = true\n' })
  expect(workspace.found(...cache)).toEqual(['client.js:2 tls-verification-disabled'])
})

test('what is ignored, installed, built or linked from outside is left alone', () => {
  const outside = makeWorkspace({ 'secret.js': UNSAFE })
  const workspace = makeWorkspace({
    '.gitignore': 'private/\n*.local.js\n!kept.local.js\n',
    'private/a.js': UNSAFE,
    'b.local.js': UNSAFE,
    'kept.local.js': UNSAFE,
    'deep/.gitignore': '/c.js\n',
    'deep/c.js': UNSAFE,
    'deep/er/c.js': UNSAFE,
    'node_modules/x/index.js': UNSAFE,
    'dist/x.js': UNSAFE,
  })
  symlinkSync(join(outside.root, 'secret.js'), join(workspace.root, 'linked.js'))
  symlinkSync(outside.root, join(workspace.root, 'folder'))
  expect(workspace.found()).toEqual([
    'deep/er/c.js:1 tls-verification-disabled',
    'kept.local.js:1 tls-verification-disabled',
  ])
  expect(workspace.found('private/a.js')).toEqual(['private/a.js:1 tls-verification-disabled'])
})

test('what is staged is scanned as it is staged', () => {
  const workspace = makeWorkspace({ 'old.js': UNSAFE, 'a.js': 'const a = 1\n', 'b.js': 'const b = 1\n' })
  workspace.git('init', '--quiet')
  workspace.git('add', '.')
  workspace.git('commit', '--quiet', '-m', 'first')
  workspace.write({ 'a.js': UNSAFE })
  workspace.git('add', 'a.js')
  workspace.write({ 'a.js': 'const a = 2\n', 'b.js': UNSAFE })
  expect(workspace.found('--staged')).toEqual(['a.js:1 tls-verification-disabled'])
})

test('the history has what was taken out again, in the commit that brought it', () => {
  const workspace = makeWorkspace({ 'src/a b.js': `const a = 1\nconst key = '${STRIPE}'\n` })
  workspace.git('init', '--quiet')
  workspace.git('add', '.')
  workspace.git('commit', '--quiet', '-m', 'first')
  workspace.write({ 'src/a b.js': 'const a = 1\n' })
  workspace.git('commit', '--quiet', '-am', 'second')
  expect(workspace.found()).toEqual([])
  expect(workspace.found('--history')).toEqual(['src/a b.js:2 secret-in-source in a commit'])
})

test('the configuration leaves out and turns off; what it cannot mean is refused', () => {
  const workspace = makeWorkspace({
    'a.js': UNSAFE,
    'b/b.js': UNSAFE,
    'ucanpay-audit.config.json': '{ "exclude": ["b/**"] }',
  })
  expect(workspace.found()).toEqual(['a.js:1 tls-verification-disabled'])
  workspace.write({ 'ucanpay-audit.config.json': '{ "rules": { "tls-verification-disabled": "off" } }' })
  expect(workspace.found()).toEqual([])
  for (const wrong of ['{ "exclude": 1 }', '{ "rules": { "no-such": "off" } }', '{ "unknown": true }', '[]']) {
    workspace.write({ 'ucanpay-audit.config.json': wrong })
    expect(workspace.audit().code).toBe(2)
  }
})
