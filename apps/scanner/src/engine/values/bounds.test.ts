import { expect, test } from 'vitest'
import { scanTexts } from '../../../test/support/scan-case.ts'
import { ALL_RULES } from '../../rules/all-rules.ts'

/** What the pool gives a file before it is left out; each of these takes a second or four. */
const LIMIT_MS = 20_000

/** Inputs that go in circles, or double at every step. */
const HARD: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'files that export each other': {
    'a.js': "export * from './b.js'\nexport { x } from './b.js'\n",
    'b.js': "export * from './a.js'\nexport { x } from './a.js'\nrequire('https').request({ ...x })\n",
  },
  'an object of itself': { 'a.js': "let o = {}\no = { ...o, a: o }\no.b = o\nrequire('https').request(o)\n" },
  'functions that call each other': {
    'a.js':
      "const f = (x) => g({ ...x, a: x })\nconst g = (x) => f({ ...x, b: x })\nrequire('https').request(f(g({})))\n",
  },
  'spread that doubles': {
    'a.js': `const o0 = { a: 1 }\n${Array.from({ length: 40 }, (_each, index) => `const o${index + 1} = { ...o${index}, x: { ...o${index} } }`).join('\n')}\nrequire('https').request(o40)\nconsole.log(JSON.stringify(o40))\n`,
  },
  'a text of many parts': {
    'a.js': `app.get('/', (req, res) => res.send(${Array.from({ length: 4_000 }, () => 'req.body.a').join(' + ')}))\n`,
  },
  'brackets without end': { 'a.js': `f(${'['.repeat(3_000)}${']'.repeat(3_000)})\n`, 'b.json': '['.repeat(50_000) },
  'a name with a thousand assignments': {
    'a.js': `let x = 1\n${'if (c) x = { ...x, y: x }\n'.repeat(1_000)}require('https').request(x)\n`,
  },
  'a chain of calls': { 'a.js': `app${'.use((req, res) => res.send(req.body))'.repeat(1_500)}\n` },
  'methods and fields that are as many as the questions about them': {
    'a.js': `class A {\n${Array.from({ length: 2_000 }, (_each, index) => `  m${index}(x) { this.f${index} = this.m${(index * 7 + 1) % 2_000}(x || this.f${(index * 13 + 1) % 2_000}); https.request(this.f${index}) }`).join('\n')}\n}\nconst https = require('https')\nnew A().m1(o)\n`,
  },
  'a table of a thousand files': {
    'a.js': `const t = {\n${Array.from({ length: 1_000 }, (_each, index) => `  k${index}: require('./m${index}').f,`).join('\n')}\n}\n${"require('https').request(t[k]())\n".repeat(200)}`,
    ...Object.fromEntries(
      Array.from({ length: 1_000 }, (_each, index) => [
        `m${index}.js`,
        `exports.f = (x) => ({ a: x, b: ${index} })\n// ${'x'.repeat(2_000)}\n`,
      ]),
    ),
  },
  'a line without end': {
    'a.html': `<div ${'a="'.repeat(100_000)}`,
    'a.sql': `create table t (${'('.repeat(100_000)}`,
    'x.env': `A=${'"'.repeat(100_000)}`,
  },
  'YAML that multiplies': {
    'a.yaml': `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n`,
  },
}

test.each(Object.entries(HARD))('%s: the scan ends, and soon', (_what, files) => {
  const began = performance.now()
  expect(Array.isArray(scanTexts(new Map(Object.entries(files)), ALL_RULES))).toBe(true)
  expect(performance.now() - began).toBeLessThan(LIMIT_MS)
})
