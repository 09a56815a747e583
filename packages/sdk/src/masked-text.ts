import { randomFillSync } from 'node:crypto'

/**
 * A secret at rest: its bytes under a pad of the same length, both outside the heap of strings, so that neither a heap
 * snapshot nor any way of printing shows it. Whoever reads all of the process's memory can still put the two together.
 */
export class MaskedText {
  readonly #pad: Buffer
  readonly #masked: Buffer

  constructor(text: string) {
    const bytes = Buffer.alloc(Buffer.byteLength(text)) // Its own memory: the pool that small buffers share is not.
    bytes.write(text)
    this.#pad = randomFillSync(Buffer.alloc(bytes.length))
    for (let at = 0; at < bytes.length; at++) bytes[at] = (bytes[at] ?? 0) ^ (this.#pad[at] ?? 0)
    this.#masked = bytes
  }

  /** The text; whoever asks keeps it no longer than it takes to send it. */
  reveal(): string {
    const bytes = Buffer.alloc(this.#masked.length)
    for (let at = 0; at < bytes.length; at++) bytes[at] = (this.#masked[at] ?? 0) ^ (this.#pad[at] ?? 0)
    const text = bytes.toString('utf8')
    bytes.fill(0)
    return text
  }
}
