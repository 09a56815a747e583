import { createServer } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'

/** A notification as a merchant's server gets it. */
export interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly raw: string
  readonly data: Record<string, unknown>
}

/** What the receiver answers. */
export interface ReceiverAnswer {
  readonly status: number
  readonly body: string
}

/** A merchant's server for notifications. */
export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** What it answers from now on. */
  answer: ReceiverAnswer
  /** Waits until there are as many; fails after 10 s. */
  waitFor(count: number): Promise<Received[]>
  close(): Promise<void>
}

export const TAKEN: ReceiverAnswer = { status: 200, body: '{"return_code":"SUCCESS"}' }

/** Starts a receiver on a free loopback port, over HTTPS. */
export async function startReceiver(tls: { cert: string; key: string }): Promise<Receiver> {
  const received: Received[] = []
  const receiver: Receiver = {
    url: '',
    received,
    answer: TAKEN,
    async waitFor(count) {
      for (let waitedMs = 0; received.length < count; waitedMs += 20) {
        if (waitedMs > 10_000) throw new Error(`${received.length} of ${count} notifications came`)
        await sleep(20)
      }
      return received
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  const server = createServer({ cert: tls.cert, key: tls.key }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8')
      const { data } = JSON.parse(raw) as { data: Record<string, unknown> }
      received.push({ headers: request.headers, raw, data })
      response.writeHead(receiver.answer.status, { 'content-type': 'application/json' }).end(receiver.answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return Object.assign(receiver, { url: `https://localhost:${port}/notify` })
}
