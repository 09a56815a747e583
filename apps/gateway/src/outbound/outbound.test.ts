import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createOutbound, type Outbound, type OutboundReply } from './outbound.ts'
import type { Resolver } from './resolve-allowed.ts'

/** Listens on 127.0.0.1 until the test is over; keeps count of its connections. */
async function listen(
  server: Server,
): Promise<{ url: string; port: number; connections: Set<Socket>; seen: () => number }> {
  const connections = new Set<Socket>()
  let seen = 0
  server.on('connection', (socket: Socket) => {
    seen += 1
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of connections) socket.destroy()
  })
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}/notify`, port, connections, seen: () => seen }
}

/** A server that writes these bytes as soon as it is spoken to, and ends the connection where it is told to. */
function answeringBytes(bytes: string, { end = false } = {}): Server {
  return createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => {
      socket.write(bytes)
      if (end) socket.end()
    })
  })
}

function post(outbound: Outbound, url: string, timeoutMs = 5_000): Promise<OutboundReply> {
  return outbound.post(url, {
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
    mode: 'test',
    timeoutMs,
  })
}

function httpServer(answer: RequestListener): Server {
  return createHttpServer(answer)
}

test('what is posted arrives as it is, and the answer comes back', async () => {
  const seen: unknown[] = []
  const { url } = await listen(
    httpServer((request, response) => {
      void request.setEncoding('utf8').on('data', (body: string) => {
        seen.push([request.method, request.url, request.headers['content-type'], body])
        response.writeHead(201).end('{"return_code":"SUCCESS"}')
      })
    }),
  )

  const reply = await post(createOutbound(), url)

  expect(reply).toMatchObject({ status: 201, body: '{"return_code":"SUCCESS"}' })
  expect(reply.durationMs).toBeGreaterThan(0)
  expect(seen).toEqual([['POST', '/notify', 'application/json', '{"a":1}']])
})

test.each([301, 302, 303, 307, 308])('a redirect (%i) is an answer and is not followed', async (status) => {
  const inside = await listen(httpServer((_request, response) => response.end('secret')))
  const { url } = await listen(
    httpServer((_request, response) => response.writeHead(status, { location: inside.url }).end()),
  )

  expect(await post(createOutbound(), url)).toMatchObject({ status, body: '' })
  expect(inside.seen()).toBe(0)
})

test('a name that leads elsewhere the second time is refused then, and nothing is dialled', async () => {
  const inside = await listen(httpServer((_request, response) => response.end('secret')))
  const answers = [['93.184.216.34'], ['127.0.0.1']]
  let asked = 0
  const resolver: Resolver = () => Promise.resolve(answers[asked++] ?? [])
  const outbound = createOutbound({ resolver })
  const send = (): Promise<OutboundReply> =>
    outbound.post(`https://shop.example/`, { headers: {}, body: '', mode: 'live', timeoutMs: 300 })

  // Nobody answers at the public address here; it is enough that it was let through.
  await expect(send()).rejects.not.toMatchObject({ reason: 'refused_address' })
  await expect(send()).rejects.toMatchObject({ reason: 'refused_address' })
  expect(asked).toBe(2)
  expect(inside.seen()).toBe(0)
})

test('a name is asked for once a request: what was checked is what is dialled', async () => {
  const { port, seen } = await listen(httpServer((_request, response) => response.end('ok')))
  const asked: string[] = []
  const resolver: Resolver = (name) => {
    asked.push(name)
    return Promise.resolve(['127.0.0.1'])
  }

  const outbound = createOutbound({ resolver })
  await post(outbound, `http://localhost:${port}/`)
  await post(outbound, `http://localhost:${port}/`)

  expect(asked).toEqual(['localhost', 'localhost']) // No connection is kept, so the second request asks anew.
  expect(seen()).toBe(2)
})

test('where one of several addresses does not answer, the next one is tried', async () => {
  const { port } = await listen(httpServer((_request, response) => response.end('ok')))
  const resolver: Resolver = () => Promise.resolve(['127.0.0.2', '127.0.0.1']) // Nobody listens at the first.

  expect((await post(createOutbound({ resolver }), `http://localhost:${port}/`)).body).toBe('ok')
})

test.each([
  ['a private address', ['10.0.0.1']],
  ['an address on the internet', ['93.184.216.34']],
  ['this machine and another', ['127.0.0.1', '93.184.216.34']],
])('plain http to %s is refused, whatever its name', async (_what, addresses) => {
  const outbound = createOutbound({ resolver: () => Promise.resolve(addresses) })

  await expect(post(outbound, 'http://localhost:9/')).rejects.toMatchObject({ reason: 'refused_address' })
})

test('an address that is wrong by its form is not even looked up', async () => {
  const asked: string[] = []
  const outbound = createOutbound({ resolver: (name) => Promise.resolve([(asked.push(name), '127.0.0.1')[1] ?? '']) })

  await expect(post(outbound, 'http://shop.example/')).rejects.toMatchObject({ reason: 'refused_address' })
  await expect(post(outbound, 'https://shop.example/?a=1')).rejects.toMatchObject({ reason: 'refused_address' })
  expect(asked).toEqual([])
})

test.each([
  ['takes the connection and stays silent', ''],
  ['stops in the middle of its headers', 'HTTP/1.1 200 OK\r\nX-A: b\r\n'],
  ['stops in the middle of its body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'],
  ['says "wait" for ever', 'HTTP/1.1 102 Processing\r\n\r\n'],
])('a receiver that %s is given up in time, and no connection is left', async (_what, bytes) => {
  const { url, connections } = await listen(answeringBytes(bytes))
  const startedAt = performance.now()

  await expect(post(createOutbound(), url, 300)).rejects.toMatchObject({ reason: 'timeout' })

  expect(performance.now() - startedAt).toBeLessThan(2_000)
  await expect.poll(() => connections.size).toBe(0)
})

test('one byte at a time does not buy more time', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n')
    const timer = setInterval(() => socket.write('a'), 20)
    socket.on('close', () => clearInterval(timer))
  })
  const { url, connections } = await listen(server)

  await expect(post(createOutbound(), url, 400)).rejects.toMatchObject({ reason: 'timeout' })
  await expect.poll(() => connections.size).toBe(0)
})

test('an endless body is read for 4 KiB and no further', async () => {
  let written = 0
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n')
    const more = (): void => {
      while (!socket.destroyed && written < 500_000_000) {
        written += 65_536
        if (!socket.write('a'.repeat(65_536))) return
      }
    }
    socket.on('drain', more)
    more()
  })
  const { url, connections } = await listen(server)

  expect((await post(createOutbound(), url)).body).toBe('a'.repeat(4096))
  await expect.poll(() => connections.size).toBe(0)
  expect(written).toBeLessThan(50_000_000)
})

test('endless headers are not read for ever', async () => {
  const { url } = await listen(answeringBytes(`HTTP/1.1 200 OK\r\n${'X-A: bbbbbbbbbbbbbbbb\r\n'.repeat(5_000)}`))

  await expect(post(createOutbound(), url)).rejects.toMatchObject({ reason: 'too_large' })
})

test.each([
  ['not_http', 'SSH-2.0-OpenSSH_9.2\r\n', false],
  ['not_http', '* OK IMAP4rev1 ready\r\n', false],
  ['closed', '', true],
  ['closed', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc', true],
])('no answer, %s: after "%s"', async (reason, bytes, end) => {
  const { url } = await listen(answeringBytes(bytes, { end }))

  await expect(post(createOutbound(), url)).rejects.toMatchObject({ name: 'OutboundError', reason })
})

test('a receiver that is not there, a name that does not resolve', async () => {
  const server = createServer()
  const { url } = await listen(server)
  server.close()
  await once(server, 'close')
  const outbound = createOutbound({ resolver: () => Promise.reject(new Error('ENOTFOUND')) })

  await expect(post(outbound, url)).rejects.toMatchObject({ reason: 'connect' })
  await expect(post(outbound, 'https://shop.example/')).rejects.toMatchObject({ reason: 'dns' })
})

test('a name server that does not answer is given up in time', async () => {
  const outbound = createOutbound({ resolver: () => new Promise(() => undefined) })

  await expect(post(outbound, 'https://shop.example/', 200)).rejects.toMatchObject({ reason: 'timeout' })
})

test('a name server that answers too late has nothing dialled', async () => {
  const { port, seen } = await listen(httpServer((_request, response) => response.end('ok')))
  const outbound = createOutbound({ resolver: () => sleep(300, ['127.0.0.1']) })

  await expect(post(outbound, `http://localhost:${port}/`, 100)).rejects.toMatchObject({ reason: 'timeout' })
  await sleep(400) // Until after the late answer: that nothing comes can only be waited for.
  expect(seen()).toBe(0)
})

test('an error says why in one word and never repeats the address', async () => {
  const error = await post(createOutbound(), 'https://10.0.0.1/secret-path').catch((thrown: unknown) => thrown)

  expect(String(error)).toBe('OutboundError: no answer: refused_address')
})

test('once closed, it finishes what is under way and takes nothing new', async () => {
  let release = (): void => undefined
  const { url, seen } = await listen(
    httpServer((_request, response) => {
      release = () => response.end('late')
    }),
  )
  const outbound = createOutbound()
  const order: string[] = []
  const underWay = post(outbound, url).then((reply) => order.push(reply.body))
  await expect.poll(seen).toBe(1)

  const closed = outbound.close().then(() => order.push('closed'))
  await expect(post(outbound, url)).rejects.toMatchObject({ reason: 'closed' })
  await expect.poll(() => (release(), order.length)).toBe(2)

  await Promise.all([underWay, closed])
  expect(order).toEqual(['late', 'closed'])
})
