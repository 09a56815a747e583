import { open } from 'node:fs/promises'
import { SensitiveDataError } from './sensitive-data-error.ts'

/** More is not looked through, and so not sent. */
const LARGEST_BYTES = 10 * 1024 * 1024

/** What nodemailer takes as the content of a part, as far as it matters here. */
type Described = Readonly<Record<string, unknown>>

/** A content, read to its end; and the description to send it by, in which nothing but these bytes is named. */
interface ReadContent {
  readonly bytes: Buffer
  readonly sendable: unknown
}

/** Members that say what the content is. */
const CONTENTS = new Set(['content', 'path', 'href', 'raw', 'encoding', '__proto__'])

/** What may be read to find out what would be sent. */
export interface Reading {
  /** How the part is called in an error. */
  readonly part: string
  /** Files and streams are opened; else they are refused, since it is too late to send what was read. */
  readonly mayOpen: boolean
  /** The transport has no access to files. */
  readonly disableFileAccess?: boolean
}

/**
 * Reads a content as nodemailer would, and describes it anew by its bytes, so that what was looked at is what is sent.
 *
 * @throws SensitiveDataError for an address to fetch from, for what is larger than 10 MB, and for what is no content
 */
export async function readContent(given: unknown, reading: Reading): Promise<ReadContent> {
  if (typeof given === 'string' || given instanceof Uint8Array) return { bytes: bytesOf(given), sendable: given }
  if (typeof given !== 'object' || given === null) return { bytes: Buffer.alloc(0), sendable: given }
  if (isStream(given)) return itself(await readStream(given, reading))
  const described = given as Described
  const { raw } = described
  const about = Object.fromEntries(Object.entries(described).filter(([name]) => !CONTENTS.has(name)))
  if (raw !== undefined && raw !== null && raw !== '') {
    const { bytes } = await readContent(raw, reading)
    return { bytes, sendable: { ...about, raw: bytes } }
  }
  const bytes = await describedBytes(described, reading)
  return { bytes, sendable: { ...about, content: bytes, ...nameOf(described) } }
}

async function describedBytes({ path, href, content, encoding }: Described, reading: Reading): Promise<Buffer> {
  const address = [path, href].find((each) => typeof each === 'string' && each !== '') as string | undefined
  if (address !== undefined && /^data:/i.test(address)) return dataOf(address)
  if (address !== undefined && (typeof href === 'string' || /^[a-z][a-z0-9+.-]+:\/\//i.test(address)))
    throw unreadable(reading)
  if (address !== undefined) return readFile(address, reading)
  if (typeof content === 'string' && typeof encoding === 'string') return Buffer.from(content, encodingOf(encoding))
  return (await readContent(content, reading)).bytes
}

/** Nodemailer calls an attachment as its file. */
function nameOf({ filename, path }: Described): { filename?: string } {
  if (filename !== undefined || typeof path !== 'string' || /^data:/i.test(path)) return {}
  return { filename: path.split(/[/\\]/).pop() ?? '' }
}

function encodingOf(name: string): BufferEncoding {
  const plain = name.toLowerCase().replace(/[-_\s]/g, '')
  return Buffer.isEncoding(plain) ? plain : 'utf8'
}

function bytesOf(given: string | Uint8Array): Buffer {
  return typeof given === 'string' ? Buffer.from(given) : Buffer.from(given.buffer, given.byteOffset, given.byteLength)
}

function itself(bytes: Buffer): ReadContent {
  return { bytes, sendable: bytes }
}

function dataOf(address: string): Buffer {
  const comma = address.indexOf(',')
  const data = address.slice(comma + 1)
  if (/;base64$/i.test(address.slice(0, comma))) return Buffer.from(data, 'base64')
  try {
    return Buffer.from(decodeURIComponent(data))
  } catch {
    return Buffer.from(data) // A stray percent sign: nodemailer takes it as it stands.
  }
}

async function readFile(path: string, reading: Reading): Promise<Buffer> {
  if (!reading.mayOpen || reading.disableFileAccess === true) throw unreadable(reading)
  const file = await open(path)
  try {
    return await readStream(file.createReadStream({ end: LARGEST_BYTES }), reading)
  } finally {
    await file.close()
  }
}

async function readStream(stream: AsyncIterable<unknown>, reading: Reading): Promise<Buffer> {
  if (!reading.mayOpen) throw unreadable(reading)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' || chunk instanceof Uint8Array ? bytesOf(chunk) : Buffer.alloc(0)
    size += bytes.length
    if (size > LARGEST_BYTES) throw unreadable(reading)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

function isStream(value: object): value is AsyncIterable<unknown> {
  return 'pipe' in value && typeof value.pipe === 'function' && Symbol.asyncIterator in value
}

function unreadable({ part }: Reading): SensitiveDataError {
  return new SensitiveDataError([{ kind: 'unreadable', part, count: 1 }])
}
