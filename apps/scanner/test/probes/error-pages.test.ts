import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { GOOD_HEADERS, startSite } from './support/site.ts'

/** A part of a site, which on some machines is the folder of their users. */
const HOME = '/home'

const RULE = ['--rules', 'site-error-page-leaks']
const ID = 'site-error-page-leaks: '

/** A site whose errors are answered by `fail`; the rest is as it should be. */
function failing(fail: RequestListener, page = 'hi'): RequestListener {
  return (request, response) => {
    if (request.method === 'GET' && request.url === '/') response.writeHead(200, GOOD_HEADERS).end(page)
    else fail(request, response)
  }
}

test('a stack is found in each answer that shows one, as text, as JSON and as a page, and what was sent in one', async () => {
  const site = await startSite({
    answer: failing((request, response) => {
      let body = ''
      request.on('data', (part: Buffer) => (body += part.toString()))
      request.on('end', () => {
        const stack = 'Error: no\n    at pay (/app/src/pay.js:12:7)'
        if (request.method === 'POST') {
          response.setHeader('content-type', 'application/json')
          response.writeHead(400).end(JSON.stringify({ message: `cannot read ${body}`, stack }))
        } else if (request.url?.startsWith('/?q=') === true) {
          response.writeHead(500, GOOD_HEADERS).end(`<pre>${stack.replace('\n', '<br>&nbsp;')}</pre>`)
        } else if (request.url === '/%E0%A4%A') response.writeHead(400).end('bad')
        else response.writeHead(404).end(`${stack} nginx/1.18.0`)
      })
    }),
  })
  expect(await site.found(...RULE)).toEqual([
    `${ID}The answer (404) to a path that does not exist shows the stack of a Node.js program`,
    `${ID}The answer (404) to a path that does not exist shows a version`,
    `${ID}The answer (400) to a broken body shows the stack of a Node.js program`,
    `${ID}The answer (400) to a broken body shows what was sent`,
    `${ID}The answer (500) to a long value shows the stack of a Node.js program`,
  ])
  expect(site.asked.filter((each) => each.startsWith('POST'))).toEqual(['POST /'])
})

test('fixed sentences, an application that answers every path, and a page about errors are left alone', async () => {
  const plain = await startSite({ answer: failing((_request, response) => response.writeHead(404).end('Not found.')) })
  expect(await plain.found(...RULE)).toEqual([])
  const shop = `<script src="/app/main.js"></script><a href="${HOME}/a.js">x</a><script>{"a":"/app/b.js"}</script>`
  const single = await startSite({ answer: (_request, response) => response.writeHead(200, GOOD_HEADERS).end(shop) })
  expect(await single.found(...RULE)).toEqual([])
  const lesson = 'Traceback (most recent call last)'
  const about = await startSite({ answer: (_request, response) => response.writeHead(200, GOOD_HEADERS).end(lesson) })
  expect(await about.found(...RULE)).toEqual([])
})

test('a page that fails by itself is read as well', async () => {
  const site = await startSite({ answer: (_request, response) => response.writeHead(500).end('SQLSTATE[42S02]: x') })
  expect(await site.found(...RULE)).toContain(
    `${ID}The answer (500) to an ordinary request shows the words of a database`,
  )
})

test('where the page takes forms, the broken body goes to a path that does not exist, and no cookie goes anywhere', async () => {
  const cookies: unknown[] = []
  const site = await startSite({
    answer(request, response) {
      cookies.push(request.headers.cookie)
      const headers = { ...GOOD_HEADERS, 'set-cookie': '__Host-sid=a; Path=/; Secure; HttpOnly; SameSite=Lax' }
      response.writeHead(200, headers).end('<form method="POST"><input name="email"></form>')
    },
  })
  await site.found(...RULE)
  expect(site.asked.filter((each) => each.startsWith('POST'))).toEqual(['POST /ucanpay-audit-4f1d9c7b'])
  expect(new Set(cookies)).toEqual(new Set([undefined]))
})
