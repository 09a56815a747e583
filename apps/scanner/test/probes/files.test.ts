import { expect, test } from 'vitest'
import { GOOD_HEADERS, startSite } from './support/site.ts'

const FILES = ['--rules', 'site-serves-secret-file']
const TEXT = ['--rules', 'site-security-txt']

const serving = (files: Readonly<Record<string, string>>, type = 'text/plain') =>
  startSite({
    answer(request, response) {
      const text = files[request.url ?? '']
      if (text === undefined) response.writeHead(404).end('Not found.')
      else response.writeHead(200, { 'content-type': type }).end(text)
    },
  })

test('files of the project are found by what is in them, and nothing of it is shown', async () => {
  const site = await serving({
    '/.env': '# Live\nDB_PASSWORD=kQ7vT2xLw9Zb\nexport MAIL_KEY = "kQ7vT2xLw9Zb"\n',
    '/.git/HEAD': 'ref: refs/heads/main\n',
    '/.git/config':
      '[core]\n\trepositoryformatversion = 0\n[remote "origin"]\n\turl = https://me:' +
      'kQ7vT2xLw9Zb@git.shop.example/a\n',
    '/backup.sql': "-- MySQL dump 10.13\nINSERT INTO users VALUES ('kQ7vT2xLw9Zb');\n",
  })
  expect(await site.found(...FILES)).toEqual([
    'site-serves-secret-file: A file of settings is served',
    'site-serves-secret-file: The folder .git is served',
    'site-serves-secret-file: The folder .git is served',
    'site-serves-secret-file: A dump of a database is served',
  ])
  const { out } = await site.audit('--yes', '--ca', 'ca.pem', ...FILES)
  expect(out).toContain('DB_PASSWORD=…')
  expect(out).not.toContain('kQ7vT2xLw9Zb')
})

test('an application’s page, a sentence, and a name that is taken for a redirect are left alone', async () => {
  const page = '<!doctype html>\nDB_PASSWORD=a\nINSERT INTO users'
  const single = await startSite({ answer: (_request, response) => response.writeHead(200, GOOD_HEADERS).end(page) })
  expect(await single.found(...FILES)).toEqual([])
  // Some applications forget to say of their page that it is one.
  const all = ['/.env', '/.git/HEAD', '/.git/config', '/backup.sql']
  for (const text of [page, 'Not found.', '{"code":404}', 'ref: nowhere', '']) {
    const site = await serving(Object.fromEntries(all.map((path) => [path, text])), 'application/octet-stream')
    expect(await site.found(...FILES)).toEqual([])
  }
})

test.each([
  [undefined, 'There is no security.txt'],
  ['<!doctype html>\nContact: mailto:a@shop.example', 'There is no security.txt'],
  ['Not here.', 'There is no security.txt'],
  ['Contact: mailto:a@shop.example\n', 'security.txt is without Expires'],
  ['Expires: 2099-01-01T00:00:00Z', 'security.txt is without a Contact that is an address'],
  ['Contact: a@shop.example\nExpires: 2020-01-01T00:00:00Z', 'security.txt has expired'],
  ['Contact: mailto:a@shop.example\nExpires: soon', 'security.txt is without one Expires that is a date'],
])('security.txt %j is found', async (securityText, words) => {
  const site = await startSite({
    securityText,
    answer: (_request, response) => response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found.'),
  })
  expect(await site.found(...TEXT)).toContain(`site-security-txt: ${words}`)
})

test('security.txt that is signed, written otherwise, or one redirect away is taken', async () => {
  const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().replace(/\.\d+/, '')
  const text = `-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nCONTACT: https://shop.example/security\r\nexpires: ${expires}\r\n`
  expect(await (await startSite({ securityText: text })).found(...TEXT)).toEqual([])
  const moved = await startSite({
    securityText: undefined,
    answer(request, response) {
      if (request.url === '/security.txt') response.writeHead(200, { 'content-type': 'text/plain' }).end(text)
      else response.writeHead(302, { location: '/security.txt' }).end()
    },
  })
  expect(await moved.found(...TEXT)).toEqual([])
})
