import { types } from 'node:util'
import { checkText, type AllowedData } from './check-text.ts'
import { SensitiveDataError, type SensitiveFinding } from './sensitive-data-error.ts'

const DEEPEST = 12
const MOST_TEXTS = 10_000
const NOBODY = { addresses: new Set<string>(), mostOthers: 0 }

/**
 * Lets a message pass that may leave by an open channel (chat hook, SMS, address of a page), and throws where it holds
 * card data, keys or personal data. Every text of an object is looked at, names and what `toJSON` makes of it included.
 *
 * @throws SensitiveDataError which says what kind of data and in which member, never the value
 * @see product practice 7; PCI DSS 4.2.2
 */
export function assertSendable(message: unknown, allowed: AllowedData = {}): void {
  const texts: { part: string; text: string }[] = []
  collect(message, { part: 'the message', depth: 0, texts })
  const findings: SensitiveFinding[] = texts.flatMap(({ part, text }) =>
    checkText(part, text, { allowed, known: NOBODY }),
  )
  if (findings.length === 0) {
    // What is harmless in pieces may be a card number when they are put together.
    const whole = texts.map(({ text }) => text).join(' ')
    findings.push(...checkText('the message', whole.slice(0, 1_000_000), { allowed, known: NOBODY }))
  }
  if (findings.length > 0) throw new SensitiveDataError(findings)
}

interface Collecting {
  readonly part: string
  readonly depth: number
  readonly texts: { part: string; text: string }[]
}

function collect(value: unknown, { part, depth, texts }: Collecting): void {
  const tooMuch = (): void => {
    throw new SensitiveDataError([{ kind: 'unreadable', part, count: 1 }])
  }
  if (depth > DEEPEST || texts.length > MOST_TEXTS) tooMuch()
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    texts.push({ part, text: String(value) })
  if (typeof value !== 'object' || value === null) return
  if (types.isProxy(value)) tooMuch()
  if (ArrayBuffer.isView(value)) {
    texts.push({ part, text: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8') })
    return
  }
  if (value instanceof URL || value instanceof URLSearchParams) {
    texts.push({ part, text: String(value) })
    return
  }
  // What is sent is what toJSON makes of it.
  const toJson = (value as { toJSON?: unknown }).toJSON
  if (typeof toJson === 'function') {
    collect((toJson as () => unknown).call(value), { part, depth: depth + 1, texts })
    return
  }
  const entries: [unknown, unknown][] = types.isMap(value)
    ? [...value]
    : types.isSet(value)
      ? [...value].map((each) => ['', each])
      : Object.entries(value)
  for (const [name, each] of entries) {
    const isPlain = typeof name === 'string' && /^[A-Za-z_][A-Za-z_-]{0,30}$/.test(name)
    if (!isPlain) collect(name, { part: `a name in ${part}`, depth: depth + 1, texts })
    collect(each, { part: isPlain && !Array.isArray(value) ? name : part, depth: depth + 1, texts })
  }
}
