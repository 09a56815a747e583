import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  addRingVersion,
  createVault,
  generateKeyRing,
  json,
  keyFromEnvironment,
  keyFromFile,
  removeRingVersion,
  RingVersionMissingError,
  sealedTable,
  VaultError,
  type Place,
  type Sealed,
  type Vault,
  type VaultOptions,
} from '../src/vault/vault.ts'

const EMAIL: Place = { table: 'customers', column: 'email' }
const BOUND: Place = { ...EMAIL, owner: 'shop_1', row: 'c_1' }

async function openVault(options: Partial<VaultOptions> = {}): Promise<Vault> {
  const vault = await createVault({ keyRing: generateKeyRing(), ...options })
  onTestFinished(() => {
    vault.close()
  })
  return vault
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ucanpay-vault-'))
  onTestFinished(() => {
    rmSync(path, { recursive: true })
  })
  return path
}

describe('a sealed value', () => {
  test('opens to what was sealed, whatever the text, as bytes, as text and as PostgreSQL writes it', async () => {
    const vault = await openVault()
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
        (text) => {
          // A few random texts are card numbers by chance.
          const sealed = vault.dangerouslySealCardNumber(BOUND, text)
          expect(vault.open(BOUND, sealed)).toBe(text)
          expect(vault.open(BOUND, new Uint8Array(sealed))).toBe(text)
          expect(vault.open(BOUND, `\\x${sealed.toString('hex')}`)).toBe(text)
          expect(vault.open(BOUND, `ucs1:${sealed.toString('base64url')}`)).toBe(text)
          expect(vault.open(BOUND, vault.reseal(BOUND, sealed))).toBe(text)
        },
      ),
    )
  })

  test('refuses each flipped bit and each truncation, as bytes and as text', async () => {
    const vault = await openVault()
    const sealed = vault.seal(BOUND, 'ada@example.com')
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Buffer.from(sealed)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => vault.open(BOUND, flipped)).toThrow(VaultError)
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(() => vault.open(BOUND, sealed.subarray(0, length))).toThrow(VaultError)
    }
    const text = vault.sealText(BOUND, 'ada@example.com')
    for (let at = 0; at < text.length; at++) {
      for (const other of ['A', '!', '=', ' ', '']) {
        if (text[at] === other) continue
        const changed = text.slice(0, at) + other + text.slice(at + 1)
        expect(() => vault.open(BOUND, changed)).toThrow(VaultError)
      }
    }
    expect(() => vault.open(BOUND, `${text}A`)).toThrow(VaultError)
    expect(() => vault.open(BOUND, `${text}=`)).toThrow(VaultError)
  })

  test.each([
    ['table', { ...BOUND, table: 'orders' }],
    ['column', { ...BOUND, column: 'phone' }],
    ['owner', { ...BOUND, owner: 'shop_2' }],
    ['row', { ...BOUND, row: 'c_2' }],
    ['no owner and no row', EMAIL],
    ['parts that join to the same', { table: 'customer', column: 'semail', owner: 'shop_1', row: 'c_1' }],
  ])('does not open at another %s', async (_what, place) => {
    const vault = await openVault()
    const sealed = vault.seal(BOUND, 'ada@example.com')
    expect(vault.open(BOUND, sealed)).toBe('ada@example.com')
    expect(() => vault.open(place, sealed)).toThrow(VaultError)
  })

  test('is never the same twice, and holds nothing of its text', async () => {
    const vault = await openVault()
    const all = new Set(Array.from({ length: 2_000 }, () => vault.seal(EMAIL, 'ada@example.com').toString('hex')))
    expect(all.size).toBe(2_000)
    expect(vault.seal(EMAIL, 'ada@example.com').includes('ada')).toBe(false)
  })

  test('does not open with another ring, and no plaintext passes for one', async () => {
    const [one, two] = [await openVault(), await openVault()]
    expect(() => two.open(EMAIL, one.seal(EMAIL, 'ada@example.com'))).toThrow(VaultError)
    for (const plain of ['ada@example.com', Buffer.from('ada@example.com'), '', 'ucs1:', '\\x', 'ucs1:!!!!']) {
      expect(() => one.open(EMAIL, plain)).toThrow('does not hold a sealed value')
    }
  })

  test('a text that looks sealed is sealed like any other', async () => {
    const vault = await openVault()
    const table = sealedTable(vault, { name: 'customers', stored: 'text' }, { email: 'text' })
    const stolen = table.seal({ email: 'ada@example.com' }).email
    expect(table.open({ email: table.seal({ email: stolen }).email }).email).toBe(stolen)
  })

  test('cannot be mistaken for a plaintext by the compiler', () => {
    // @ts-expect-error a text is not sealed
    const refused: Sealed = 'plaintext'
    // @ts-expect-error nor are bytes that nobody sealed
    const alsoRefused: Sealed = Buffer.from('plaintext')
    expect([refused, alsoRefused]).toHaveLength(2)
  })
})

describe('what may not be kept', () => {
  test.each(['cvc', 'cardCvv', 'card_cvc2', 'CVV2', 'security_code', 'cardSecurityCode', 'pin_block', 'track2'])(
    'a column named %s is refused',
    async (column) => {
      const vault = await openVault()
      expect(() => sealedTable(vault, 'cards', { [column]: 'text' })).toThrow('PCI DSS 3.3.1')
      expect(() => sealedTable(vault, 'cards', { [column]: 'dangerouslyCardNumber' })).toThrow('PCI DSS 3.3.1')
      expect(() => vault.seal({ table: 'cards', column }, '123')).toThrow('PCI DSS 3.3.1')
      const table = sealedTable(vault, 'orders', { payment: 'json' })
      expect(() => table.seal({ payment: { deep: [{ [column]: '123' }] } })).toThrow('PCI DSS 3.3.1')
    },
  )

  test('names that only look alike are kept', async () => {
    const vault = await openVault()
    const table = sealedTable(vault, 'customers', { tracking: 'text', zip_code: 'text', discountCode: 'text' })
    expect(table.fields).toHaveProperty('tracking')
  })

  test('a card number is refused in every kind of field but the one that says so, and no message holds it', async () => {
    const vault = await openVault()
    const table = sealedTable(vault, 'notes', { text: 'text', more: 'json', dangerous: 'dangerouslyCardNumber' })
    for (const number of ['4242424242424242', 'card 4242 4242 4242 4242, thanks', '5555-5555-5555-4444']) {
      for (const attempt of [
        () => vault.seal(EMAIL, number),
        () => vault.sealText(EMAIL, number),
        () => table.seal({ text: number }),
        () => table.seal({ more: { a: [number] } }),
      ]) {
        expect(attempt).toThrow("Keep the gateway's token")
        expect(attempt).not.toThrow(/4242|5555/)
      }
    }
    expect(table.open(table.seal({ dangerous: '4242424242424242' })).dangerous).toBe('4242424242424242')
  })
})

describe('a declared table', () => {
  test('seals what is declared, leaves the rest, and keeps types', async () => {
    const vault = await openVault()
    const table = sealedTable(vault, 'customers', {
      email: 'text',
      born: 'date',
      address: json<{ readonly city: string }>(),
    })
    const row = table.seal({ id: 7, email: 'ada@example.com', born: new Date(0), address: { city: 'Paris' } })
    const email: Sealed = row.email
    const id: number = row.id
    expect([Buffer.isBuffer(email), id]).toEqual([true, 7])
    const open = table.open(row)
    const city: string = open.address.city
    const born: Date = open.born
    expect([city, born, open.id, open.email]).toEqual(['Paris', new Date(0), 7, 'ada@example.com'])
    expect(table.seal({ email: null, born: undefined })).toEqual({ email: null, born: undefined })
    expect(table.open({ email: null })).toEqual({ email: null })
    // @ts-expect-error a number is no text
    expect(() => table.seal({ email: 7 })).toThrow('takes a text')
    // @ts-expect-error a text is no date
    expect(() => table.seal({ born: '1970-01-01' })).toThrow('takes a Date')
    expect(() => table.open({ email: row.address })).toThrow(VaultError)
  })

  test('its blind index finds what is equal, and no other column, table or ring has the same', async () => {
    const ring = generateKeyRing()
    const vault = await openVault({ keyRing: ring })
    const fields = { email: 'text', phone: 'text' } as const
    const table = sealedTable(vault, { name: 'customers', indexes: { email: 'text', phone: 'digits' } }, fields)
    const index = table.index('email', ' Ada@Example.com ')
    expect(index).toHaveLength(32)
    expect(table.index('email', 'ada@example.com').equals(index)).toBe(true)
    expect(table.index('phone', '+1 (604) 555').equals(table.index('phone', '1604555'))).toBe(true)
    expect(vault.index({ ...EMAIL, column: 'phone' }, 'ada@example.com').equals(index)).toBe(false)
    expect(vault.index({ ...EMAIL, table: 'orders' }, 'ada@example.com').equals(index)).toBe(false)
    expect((await openVault()).index(EMAIL, 'ada@example.com').equals(index)).toBe(false)
    const rolled = await openVault({ keyRing: removeRingVersion(addRingVersion(ring).text, 1) })
    expect(rolled.index(EMAIL, 'ada@example.com').equals(index)).toBe(true)
    expect(() => table.index('email', '  ')).toThrow('Nothing is left')
    expect(() => sealedTable(vault, 'customers', fields).index('email', 'x')).toThrow('Declare')
  })
})

describe('a key ring', () => {
  test('comes from a file in lines and from a variable with commas', async () => {
    const ring = addRingVersion(generateKeyRing()).text
    const path = join(folder(), 'ring.json')
    const vault = await openVault({ keyRing: ring })
    const sealed = vault.seal(EMAIL, 'ada@example.com')
    for (const text of [ring, JSON.stringify(JSON.parse(ring))]) {
      writeFileSync(path, text)
      expect((await openVault({ keyRing: keyFromFile(path) })).open(EMAIL, sealed)).toBe('ada@example.com')
      vi.stubEnv('TEST_KEY_RING', text)
      onTestFinished(() => void vi.unstubAllEnvs())
      const named = keyFromEnvironment('TEST_KEY_RING')
      expect((await openVault({ keyRing: named })).open(EMAIL, sealed)).toBe('ada@example.com')
    }
  })

  test.each(['', '{', '{}', 'null', '[]', '{"active":1,"keys":[]}'])('%j is refused', async (text) => {
    await expect(createVault({ keyRing: text })).rejects.toThrow('key ring')
  })

  test('with an index key that is short, made up or one of its versions is refused, and no message holds any', async () => {
    const ring = JSON.parse(generateKeyRing()) as { keys: { key: string }[] }
    const key = ring.keys[0]?.key ?? ''
    for (const index of ['', 'AAAA', Buffer.alloc(32).toString('base64'), key, 7]) {
      const refused = createVault({ keyRing: JSON.stringify({ ...ring, index }) })
      await expect(refused).rejects.toThrow('The key ring cannot be used')
      await expect(refused).rejects.not.toThrow(key.slice(2, 20))
    }
  })

  test('a version that is unknown or was taken out is named, and nothing opens', async () => {
    const one = generateKeyRing()
    const two = addRingVersion(one).text
    let text = one
    const vault = await openVault({ keyRing: () => text })
    const sealed = vault.seal(EMAIL, 'ada@example.com')
    expect(vault.open(EMAIL, sealed)).toBe('ada@example.com')
    text = removeRingVersion(two, 1)
    await vault.refresh()
    // Its data key was unwrapped before, and still it does not open.
    expect(() => vault.open(EMAIL, sealed)).toThrow(/version 1 of the key ring/)
    expect(() => vault.open(EMAIL, sealed)).toThrow(RingVersionMissingError)
    expect(() => removeRingVersion(two, 2)).toThrow('active')
  })

  test('an unknown version makes the ring be read at once', async () => {
    const one = generateKeyRing()
    const two = addRingVersion(one).text
    let [text, reads] = [one, 0]
    const vault = await openVault({ keyRing: () => ((reads += 1), text) })
    const sealed = (await openVault({ keyRing: removeRingVersion(two, 1) })).seal(EMAIL, 'ada@example.com')
    text = two
    await expect.poll(() => open(vault, sealed)).toBe('ada@example.com')
    // Whoever can write made-up versions into the database does not make us read without end.
    text = one
    const forged = Buffer.from(sealed)
    forged.writeUInt32BE(999, 4)
    const before = reads
    for (let at = 0; at < 1_000; at++) open(vault, forged)
    expect(reads - before).toBeLessThanOrEqual(1)
  })
})

function open(vault: Vault, sealed: Buffer): string {
  try {
    return vault.open(EMAIL, sealed)
  } catch (error) {
    return String(error)
  }
}

describe('secrets', () => {
  test('nothing prints a key, and a closed vault has none', async () => {
    const ring = generateKeyRing()
    const form = JSON.parse(ring) as { keys: { key: string }[]; index: string }
    const vault = await openVault({ keyRing: ring })
    vault.seal(EMAIL, 'ada@example.com')
    const table = sealedTable(vault, 'customers', { email: 'text' })
    for (const thing of [vault, table]) {
      const shown = inspect(thing, { depth: 20, showHidden: true, getters: true }) + JSON.stringify(thing)
      for (const secret of [form.keys[0]?.key ?? '', form.index]) {
        expect(shown).not.toContain(secret)
        expect(shown).not.toContain(Buffer.from(secret, 'base64').toString('hex').slice(0, 16))
      }
    }
    vault.close()
    expect(() => vault.seal(EMAIL, 'x')).toThrow('closed')
    expect(() => vault.index(EMAIL, 'x')).toThrow('closed')
  })

  test('a heap snapshot of a process holds no key', () => {
    const path = join(folder(), 'ring.json')
    const ring = generateKeyRing()
    writeFileSync(path, ring)
    const source = fileURLToPath(new URL('../src/vault/vault.ts', import.meta.url))
    const program = `
      import { readFileSync } from 'node:fs'
      import { getHeapSnapshot } from 'node:v8'
      import { createVault } from ${JSON.stringify(source)}
      const vault = await createVault({ keyRing: () => readFileSync(process.argv[1], 'utf8') })
      globalThis.kept = [vault, vault.seal({ table: 't', column: 'c' }, 'text')]
      await new Promise((resolve) => setTimeout(resolve, 50))
      globalThis.gc(); globalThis.gc()
      for await (const chunk of getHeapSnapshot()) process.stdout.write(chunk)`
    const flags = ['--expose-gc', '--conditions=ucanpay-source', '--input-type=module', '-e', program, path]
    const heap = execFileSync(process.execPath, flags, { maxBuffer: 2 ** 30, encoding: 'latin1' })
    expect(heap).toContain('RingVault')
    const form = JSON.parse(ring) as { keys: { key: string }[]; index: string }
    expect(heap).not.toContain(form.keys[0]?.key)
    expect(heap).not.toContain(form.index)
  })
})
