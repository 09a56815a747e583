import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { freePorts, newHome, removeHome, startSandbox } from '../support/sandbox.ts'
import { UNSAFE_SHOP } from './audit.ts'
import { FAULTS, RULES, STATE } from './faults.ts'
import { startShop } from './running-shop.ts'
import { sellAndRefund } from './sale.ts'
import { carryOut, print, readTutorial, type Part } from './tutorial.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PAGE = join(ROOT, 'docs/scanner/tutorial.md')
/** `UCANPAY_WRITE_TUTORIAL=yes npx vitest run tutorial` writes anew what its commands print. */
const isWriting = process.env['UCANPAY_WRITE_TUTORIAL'] === 'yes'
const PATIENCE_MS = 600_000

let shop = ''
/** What a scan in the page shows, what it printed, and whether the fault is mended by then. */
const scans: { shown: string | undefined; printed: string | undefined; code: number | null; isAfter: boolean }[] = []

beforeAll(() => {
  shop = mkdtempSync(join(tmpdir(), 'unsafe-shop-tutorial-'))
  cpSync(UNSAFE_SHOP, shop, {
    recursive: true,
    filter: (path) => !/node_modules|\.ucanpay/.test(path.slice(UNSAFE_SHOP.length)),
  })
  const page = readTutorial(readFileSync(PAGE, 'utf8')).map((part) => done(part))
  if (isWriting) writeFileSync(PAGE, page.join(''))
  return () => rmSync(shop, { recursive: true, force: true })
}, PATIENCE_MS)

/** Does what a part of the page says. @returns its text, as it should be */
function done(part: Part): string {
  if (part.kind !== 'scan') {
    carryOut(part, shop)
    return part.text
  }
  // Until all rules are there, the page is held to what it shows.
  const isWhole = isWriting || STATE.allRulesAreThere
  const rules = isWhole ? part.rules.filter((id) => RULES.has(id)) : rulesIn(part.shown)
  const printed = part.shown === undefined && !isWhole ? undefined : print({ files: part.files, rules }, shop)
  const isAfter = part.files.length === 0 || scans.length % 2 === 1
  scans.push({ shown: part.shown, printed: printed?.shown, code: printed?.code ?? null, isAfter })
  const [marker = ''] = part.text.split('\n')
  return printed ? `${marker}\n\n\`\`\`console\n${printed.shown}\`\`\`\n` : `${marker}\n`
}

function rulesIn(shown = ''): string[] {
  return /--rules (\S+)/.exec(shown)?.[1]?.split(',') ?? []
}

test('every command of the tutorial prints what the page says: a fault, and none once it is mended', () => {
  expect(scans.length).toBeGreaterThan(60)
  expect(scans.filter(({ printed }) => printed !== undefined).length).toBeGreaterThan(20)
  for (const { shown, printed, code, isAfter } of scans) {
    if (!isWriting) expect(printed).toBe(shown)
    if (printed !== undefined) expect({ printed, code }).toEqual({ printed, code: isAfter ? 0 : 1 })
  }
})

test('it speaks of every rule that finds something in the shop', () => {
  const named = new Set(
    readTutorial(readFileSync(PAGE, 'utf8')).flatMap((part) => (part.kind === 'scan' ? part.rules : [])),
  )
  expect([...new Set(FAULTS.map(({ rule }) => rule))].filter((rule) => !named.has(rule))).toEqual([])
})

test('at its end nothing is found, and the shop still sells, is paid, mails and refunds', async () => {
  expect(scans.at(-1)?.printed).toMatch(/\nNothing found; \d+ files read\.\n$/)
  const home = newHome()
  onTestFinished(() => removeHome(home))
  const sandbox = await startSandbox(home, await freePorts())
  onTestFinished(() => sandbox.stop().then(() => undefined))
  symlinkSync(join(ROOT, 'node_modules'), join(shop, 'node_modules'))
  const running = await startShop(shop, sandbox)
  onTestFinished(() => running.stop())
  await sellAndRefund(running, sandbox)
})
