/**
 * Writes a project of many lines to scan: shops with routes, clients, models, components, tests, configuration. No two
 * files are alike, imports lead from file to file, and nothing in it is wrong.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const NOUNS =
  'order invoice customer basket shipment coupon refund payout product category address review supplier stock price tax session report event message'.split(
    ' ',
  )
const VERBS =
  'create find list update remove archive restore count merge split approve reject notify export import'.split(' ')

/** Numbers that look random and are the same each time. */
function sequence(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

interface Made {
  readonly path: string
  readonly text: string
}

/** One part of the shop: eight files that import each other and the part before. */
function part(number: number): Made[] {
  const random = sequence(number)
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)] ?? ''
  const noun = pick(NOUNS)
  const folder = `apps/shop-${number % 12}/src/${noun}-${number}`
  const Type = `${noun[0]?.toUpperCase() ?? ''}${noun.slice(1)}${number}`
  const functions = Array.from({ length: 14 }, (_each, index) => `${pick(VERBS)}${Type}${index}`)
  return [
    { path: `${folder}/types.ts`, text: types(Type, random) },
    { path: `${folder}/store.ts`, text: store(Type, functions, random) },
    { path: `${folder}/routes.ts`, text: routes(noun, functions) },
    { path: `${folder}/client.ts`, text: client(Type, functions) },
    { path: `${folder}/page.tsx`, text: page(Type, functions, random) },
    { path: `${folder}/prices.js`, text: prices(functions, random) },
    { path: `${folder}/store.test.ts`, text: tests(Type, functions) },
    { path: `${folder}/settings.json`, text: settings(noun, random) },
  ]
}

function types(Type: string, random: () => number): string {
  const members = Array.from(
    { length: 30 },
    (_each, index) =>
      `  /** What is known of it since version ${index}. */\n  readonly field${index}: ${['string', 'number', 'boolean', 'Date', 'readonly string[]'][Math.floor(random() * 5)] ?? 'string'}`,
  )
  return `/** As it is stored. */\nexport interface ${Type} {\n  readonly id: string\n${members.join('\n')}\n}\n\nexport type ${Type}Id = ${Type}['id']\n\nexport const STATES_OF_${Type.toUpperCase()} = ['new', 'paid', 'sent', 'returned'] as const\n`
}

function store(Type: string, functions: readonly string[], random: () => number): string {
  const bodies = functions.map(
    (name, index) => `
/** Takes turns with others that change the same one. @throws where it is not there */
export async function ${name}(db: Pool, id: ${Type}Id, changes: Partial<${Type}> = {}): Promise<${Type}[]> {
  const limit = ${Math.floor(random() * 900) + 10}
  const where = ['id = $1', 'merchant_id = $2']
  const values: unknown[] = [id, changes.field1 ?? null]
  if (changes.field${index} !== undefined) {
    where.push(\`field_${index} = $\${values.length + 1}\`)
    values.push(changes.field${index})
  }
  const { rows } = await db.query(\`select * from things_${index} where \${where.join(' and ')} limit \${limit}\`, values)
  if (rows.length === 0) throw new NotFound('${name}', id)
  logger.info({ id, count: rows.length }, 'read')
  return rows.map((row) => ({ ...row, state: row.state ?? 'new', total: row.total * ${index + 1} }))
}`,
  )
  return `import { Pool } from 'pg'\nimport pino from 'pino'\nimport type { ${Type}, ${Type}Id } from './types.ts'\n\nconst logger = pino({ name: '${Type}', level: process.env.LOG_LEVEL ?? 'info' })\n\nexport class NotFound extends Error {\n  readonly id: string\n  constructor(what: string, id: string) {\n    super(\`\${what}: not there\`)\n    this.id = id\n  }\n}\n${bodies.join('\n')}\n`
}

function routes(noun: string, functions: readonly string[]): string {
  const handlers = functions.map(
    (name, index) => `
router.${['get', 'post', 'put', 'delete'][index % 4] ?? 'get'}('/${noun}/:id/${index}', requireSession, async (req, res, next) => {
  const { id } = req.params
  const { name, note = '', quantity } = req.body ?? {}
  if (typeof id !== 'string' || id.length > 64) {
    res.status(400).json({ msg: 'PARAM_ERROR' })
    return
  }
  try {
    const rows = await ${name}(pool, id, { field1: name, field2: note, ...(quantity ? { field3: Number(quantity) } : {}) })
    res.status(200).json({ items: rows.map(({ id: key, state }) => ({ key, state })), total: rows.length })
  } catch (error) {
    logger.error({ requestId: req.id, code: error.code }, '${name} failed')
    next(error)
  }
})`,
  )
  return `import express from 'express'\nimport { Pool } from 'pg'\nimport pino from 'pino'\nimport { ${functions.join(', ')} } from './store.ts'\nimport { requireSession } from '../sessions.ts'\n\nconst logger = pino()\nconst pool = new Pool({ connectionString: process.env.DATABASE_URL, ssl: { rejectUnauthorized: true } })\nexport const router = express.Router()\n${handlers.join('\n')}\n\nrouter.use((err, req, res, next) => {\n  logger.error({ code: err.code })\n  res.status(500).json({ msg: 'SYSTEMERROR' })\n})\n`
}

function client(Type: string, functions: readonly string[]): string {
  const methods = functions.map(
    (name, index) => `
  /** Tries again where the answer never came. */
  async ${name}(id: string, body: Record<string, unknown> = {}): Promise<unknown> {
    const options = { ...this.defaults, method: '${index % 2 ? 'POST' : 'PUT'}', path: \`/v${index}/\${encodeURIComponent(id)}\` }
    const text = JSON.stringify({ ...body, sentAt: this.clock() })
    for (let attempt = 0; attempt < ${index + 2}; attempt++) {
      const answer = await this.send(options, text)
      if (answer.status < 500) return answer.body
      await this.wait(2 ** attempt * 100)
    }
    throw new Error('no answer')
  }`,
  )
  return `import https from 'node:https'\n\nconst agent = new https.Agent({ keepAlive: true, maxSockets: 50 })\n\nexport class ${Type}Client {\n  private readonly defaults = { agent, host: 'api.partner.net', timeout: 5_000 }\n  constructor(private readonly clock: () => number) {}\n${methods.join('\n')}\n\n  private send(options: https.RequestOptions, text: string): Promise<{ status: number; body: unknown }> {\n    return new Promise((resolve, reject) => {\n      const request = https.request(options, (response) => {\n        let body = ''\n        response.on('data', (chunk) => (body += chunk))\n        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(body) }))\n      })\n      request.on('error', reject)\n      request.end(text)\n    })\n  }\n\n  private wait(ms: number): Promise<void> {\n    return new Promise((resolve) => setTimeout(resolve, ms))\n  }\n}\n`
}

function page(Type: string, functions: readonly string[], random: () => number): string {
  const rows = functions.map(
    (name, index) => `
function Row${index}({ item, onChange }: { item: ${Type}; onChange: (next: ${Type}) => void }) {
  const [open, setOpen] = useState(false)
  const label = open ? 'Close' : 'Open'
  return (
    <tr className={open ? 'open' : 'closed'} data-testid="${name}">
      <td>{item.id}</td>
      <td>{item.field${index}?.toString()}</td>
      <td>
        <button type="button" onClick={() => setOpen(!open)} aria-expanded={open}>{label}</button>
        <input type="text" name="note${index}" maxLength={${Math.floor(random() * 200) + 20}} onChange={(event) => onChange({ ...item, field1: event.target.value })} />
      </td>
    </tr>
  )
}`,
  )
  return `import { useState } from 'react'\nimport type { ${Type} } from './types.ts'\n${rows.join('\n')}\n\nexport function ${Type}Page({ items }: { items: ${Type}[] }) {\n  return (\n    <table>\n      <tbody>{items.map((item) => <Row0 key={item.id} item={item} onChange={() => undefined} />)}</tbody>\n    </table>\n  )\n}\n`
}

function prices(functions: readonly string[], random: () => number): string {
  const bodies = functions.map(
    (name) => `
exports.price_${name} = function (amount, currency, options) {
  options = Object.assign({ rounding: 'half-even', rate: ${(random() * 2).toFixed(4)} }, options)
  var minor = Math.round(amount * options.rate)
  switch (currency) {
    case 'JPY':
      return { amount: minor, digits: 0 }
    case 'CAD':
    case 'EUR':
      return { amount: minor, digits: 2 }
    default:
      throw new RangeError('no such currency: ' + currency)
  }
}`,
  )
  return `'use strict'\n\nvar TABLE = require('./settings.json')\n${bodies.join('\n')}\n\nexports.table = TABLE\n`
}

function tests(Type: string, functions: readonly string[]): string {
  const cases = functions.map(
    (name) => `
test('${name} gives back what is there', async () => {
  const pool = { query: async () => ({ rows: [{ id: 'a', total: 3 }] }) }
  const rows = await ${name}(pool as never, 'a')
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ id: 'a', state: 'new' })
})`,
  )
  return `import { expect, test } from 'vitest'\nimport { ${functions.join(', ')} } from './store.ts'\nimport type { ${Type} } from './types.ts'\n${cases.join('\n')}\n`
}

function settings(noun: string, random: () => number): string {
  const entries = Array.from({ length: 40 }, (_each, index) => [
    `${noun}${index}`,
    { rate: Number(random().toFixed(6)), from: '2026-01-01', label: `${noun} ${index}` },
  ])
  return `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`
}

/** Writes the tree. @returns how many files and lines it has */
export function writeTree(folder: string, wantedLines: number): { files: number; lines: number } {
  let files = 0
  let lines = 0
  const write = ({ path, text }: Made): void => {
    const full = join(folder, path)
    mkdirSync(dirname(full), { recursive: true })
    writeFileSync(full, text)
    files++
    lines += text.split('\n').length - 1
  }
  write({ path: 'package.json', text: '{ "name": "shops", "private": true, "type": "module" }\n' })
  for (let shop = 0; shop < 12; shop++) {
    write({
      path: `apps/shop-${shop}/src/sessions.ts`,
      text: "import session from 'express-session'\nexport const requireSession = session({ secret: process.env.SESSION_SECRET ?? '', cookie: { secure: true, httpOnly: true, sameSite: 'lax', maxAge: 900_000 }, resave: false, saveUninitialized: false })\n",
    })
    write({ path: `apps/shop-${shop}/package.json`, text: `{ "name": "shop-${shop}", "version": "1.0.0" }\n` })
  }
  for (let number = 1; lines < wantedLines; number++) for (const made of part(number)) write(made)
  return { files, lines }
}
