import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import {
  addRingVersion,
  createVault,
  generateKeyRing,
  removeRingVersion,
  type Place,
  type Vault,
  type VaultOptions,
} from '../src/vault/vault.ts'

const EMAIL: Place = { table: 'customers', column: 'email' }

async function openVault(options: VaultOptions): Promise<Vault> {
  const vault = await createVault(options)
  onTestFinished(() => {
    vault.close()
  })
  return vault
}

function versionIn(sealed: Buffer): number {
  return sealed.readUInt32BE(4)
}

test('a ring that is rolled under load fails no read in any process, also in those that start meanwhile', async () => {
  let text = generateKeyRing()
  // The processes see the file at times of their own.
  const options = { keyRing: () => text, refreshMs: 100 }
  const vaults = [await openVault(options)]
  await pause(50)
  vaults.push(await openVault(options))
  const stored: Buffer[] = []
  const seen = new Set<number>()
  const [first] = vaults
  const use = (): void => {
    for (const vault of vaults) stored.push(vault.seal(EMAIL, 'ada@example.com'))
    for (const sealed of stored.slice(-20)) {
      seen.add(versionIn(sealed))
      for (const vault of vaults) expect(vault.open(EMAIL, sealed)).toBe('ada@example.com')
    }
  }
  for (const version of [2, 3]) {
    const until = performance.now() + 1_000
    for (let round = 0; performance.now() < until; round++) {
      use()
      if (round === 5) text = addRingVersion(text).text
      if (round === 7) vaults.push(await openVault(options))
      await pause(2)
    }
    expect(seen).toContain(version)
    for (const vault of vaults) expect(versionIn(vault.seal(EMAIL, 'x'))).toBe(version)
  }
  // Then everything is sealed anew, and the old versions go.
  const anew = stored.map((sealed) => (first?.needsReseal(sealed) ? first.reseal(EMAIL, sealed) : sealed))
  text = removeRingVersion(removeRingVersion(text, 1), 2)
  for (const vault of vaults) {
    await vault.refresh()
    for (const sealed of anew) expect(vault.open(EMAIL, sealed)).toBe('ada@example.com')
  }
  expect(() => first?.open(EMAIL, stored[0] ?? Buffer.of())).toThrow('version 1')
})

test('a new version opens at once and seals after a while', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const one = generateKeyRing()
  let text = one
  const vault = await openVault({ keyRing: () => text, refreshMs: 60_000 })
  text = addRingVersion(one).text
  const early = await openVault({ keyRing: removeRingVersion(text, 1) })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(vault.open(EMAIL, early.seal(EMAIL, 'x'))).toBe('x')
  expect(versionIn(vault.seal(EMAIL, 'x'))).toBe(1)
  const started = await openVault({ keyRing: () => text })
  await vi.advanceTimersByTimeAsync(179_000)
  expect([vault, started].map((each) => versionIn(each.seal(EMAIL, 'x')))).toEqual([1, 1])
  await vi.advanceTimersByTimeAsync(1_000)
  expect([vault, started].map((each) => versionIn(each.seal(EMAIL, 'x')))).toEqual([2, 2])
  // Who starts days later has nobody to wait for.
  await vi.advanceTimersByTimeAsync(2 * 86_400_000)
  expect(versionIn((await openVault({ keyRing: text })).seal(EMAIL, 'x'))).toBe(2)
})

test('a ring that is broken, exchanged or gone leaves the one before, and is told of', async () => {
  const ring = generateKeyRing()
  let source = (): string => ring
  const failures: string[] = []
  const onFailure = (error: Error): void => void failures.push(error.message)
  const vault = await openVault({ keyRing: () => source(), onFailure })
  const sealed = vault.seal(EMAIL, 'ada@example.com')
  const { active, keys } = JSON.parse(addRingVersion(ring).text) as { active: number; keys: unknown }
  for (const [text, told] of [
    ['{', 'not JSON'],
    ['', 'There is no key ring'],
    [generateKeyRing(), 'another key than before'],
    [JSON.stringify({ active, keys }), 'index key'],
  ] as const) {
    source = () => text
    await vault.refresh()
    expect(failures.pop()).toContain(told)
    expect(vault.open(EMAIL, sealed)).toBe('ada@example.com')
    expect(vault.open(EMAIL, vault.seal(EMAIL, 'more'))).toBe('more')
  }
  source = () => {
    throw new Error('the store of secrets is gone')
  }
  await vault.refresh()
  expect(failures).toEqual(['the store of secrets is gone'])
  expect(vault.open(EMAIL, sealed)).toBe('ada@example.com')
})

test('no setting makes a new version seal before the others know it', async () => {
  for (const settings of [
    { settleMs: 0 },
    { refreshMs: 1_000, settleMs: 1_999 },
    { settleMs: NaN },
    { refreshMs: 0 },
  ]) {
    await expect(createVault({ keyRing: generateKeyRing(), ...settings })).rejects.toThrow(/settleMs|refreshMs/)
  }
})

test('a data key seals 65 536 values, and then another does', async () => {
  const vault = await openVault({ keyRing: generateKeyRing() })
  const keys = new Map<string, number>()
  for (let at = 0; at < 2 ** 16 + 10; at++) {
    const key = vault.seal(EMAIL, '').toString('latin1', 4, 68)
    keys.set(key, (keys.get(key) ?? 0) + 1)
  }
  expect([...keys.values()]).toEqual([2 ** 16, 10])
})
