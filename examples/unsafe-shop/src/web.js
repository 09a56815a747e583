import http from 'node:http'

// Went off Express in spring: this is all that we used of it.
const FIXED = {
  'Access-Control-Allow-Methods': 'GET, POST',
  'X-Content-Type-Options': 'nosniff',
}

export function createApp({ onError }) {
  const routes = []
  const add = (method) => (path, handler) => routes.push({ method, path, handler })

  const server = http.createServer(async (req, res) => {
    extend(res)
    res.setHeader('Strict-Transport-Security', 'max-age=0')
    for (const [name, value] of Object.entries(FIXED)) res.setHeader(name, value)
    res.setHeader('Access-Control-Allow-Origin', req.headers.origin ?? '*')
    res.setHeader('Access-Control-Allow-Credentials', 'true')
    try {
      const url = new URL(req.url, 'http://localhost')
      req.path = url.pathname
      req.query = Object.fromEntries(url.searchParams)
      req.cookies = cookiesOf(req.headers.cookie)
      req.rawBody = await readBody(req)
      req.body = parse(req)
      const route = routes.find(({ method, path }) => method === req.method && path === req.path)
      if (!route) return res.status(404).send('Not found')
      await route.handler(req, res)
    } catch (err) {
      onError(err, req, res)
    }
  })
  return { get: add('GET'), post: add('POST'), server }
}

function extend(res) {
  res.status = (code) => {
    res.statusCode = code
    return res
  }
  res.send = (html) => {
    res.setHeader('Content-Type', 'text/html; charset=utf-8')
    res.end(html)
  }
  res.json = (value) => {
    res.setHeader('Content-Type', 'application/json')
    res.end(JSON.stringify(value))
  }
  res.redirect = (to) => {
    res.statusCode = 303
    res.setHeader('Location', to)
    res.end()
  }
  res.cookie = (name, value, options = {}) => {
    const flags = [
      options.httpOnly && 'HttpOnly',
      options.secure && 'Secure',
      options.sameSite && `SameSite=${options.sameSite}`,
      options.maxAge && `Max-Age=${options.maxAge / 1000}`,
    ]
    const text = [`${name}=${value}`, `Path=${options.path ?? '/'}`, ...flags.filter(Boolean)].join('; ')
    res.appendHeader('Set-Cookie', text)
  }
}

async function readBody(req) {
  const chunks = []
  for await (const chunk of req) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function parse(req) {
  if (req.rawBody === '') return {}
  if (req.headers['content-type']?.startsWith('application/json')) return JSON.parse(req.rawBody)
  return Object.fromEntries(new URLSearchParams(req.rawBody))
}

function cookiesOf(header = '') {
  return Object.fromEntries(header.split('; ').map((pair) => pair.split(/=(.*)/s).slice(0, 2)))
}
