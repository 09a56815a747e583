import { readFileSync } from 'node:fs'
import { Agent } from 'undici'

/** What the load generator is told to do. It runs as a process of its own: `node load.ts '<JSON>'`. */
export interface Load {
  readonly url: string
  readonly caFile: string
  readonly keys: readonly string[]
  readonly connections: number
  readonly requests: number
  readonly request: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body: object | null }
}

/** What came of it. */
export interface LoadResult {
  readonly perS: number
  /** The first kinds of answers that were no success. */
  readonly failures: readonly string[]
}

/** Closed loop: each connection sends its next request when the last one is answered; keys take turns. */
async function run({ url, caFile, keys, connections, requests, request }: Load): Promise<LoadResult> {
  const agent = new Agent({ connect: { ca: readFileSync(caFile) }, connections, pipelining: 1 })
  const body = request.body === null ? null : JSON.stringify(request.body)
  let sent = 0
  const failures = new Set<string>()
  const loop = async (): Promise<void> => {
    while (sent < requests) {
      const key = keys[sent++ % keys.length] ?? ''
      const reply = await agent.request({
        origin: url,
        path: request.path,
        method: request.method,
        headers: { authorization: `Bearer ${key}`, ...(body === null ? {} : { 'content-type': 'application/json' }) },
        body,
      })
      if (reply.statusCode === 200) await reply.body.dump()
      else failures.add((await reply.body.text()).replace(/"requestId":"[^"]*"|"timestamp":"[^"]*"/gu, ''))
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: connections }, loop))
  const tookS = (performance.now() - startedAt) / 1000
  await agent.close()
  return { perS: requests / tookS, failures: [...failures].slice(0, 5) }
}

const [instructions] = process.argv.slice(2)
if (instructions === undefined) throw new RangeError("Tell what to send: node bench/support/load.ts '<a Load as JSON>'")
process.stdout.write(JSON.stringify(await run(JSON.parse(instructions) as Load)))
