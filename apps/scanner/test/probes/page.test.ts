import { expect, test } from 'vitest'
import { GOOD_HEADERS, startSite } from './support/site.ts'

const RULES = ['--rules', 'site-mixed-content,site-form-over-http,site-script-without-integrity,site-card-page-cached']
const CARD = '<input autocomplete="cc-number">'

async function foundOn(page: string, more: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const headers = { ...GOOD_HEADERS, ...more }
  const site = await startSite({ answer: (_request, response) => response.writeHead(200, headers).end(page) })
  return await site.found(...RULES)
}

test('what comes, and goes, without TLS is found, each once', async () => {
  const found =
    await foundOn(`<SCRIPT src=http://cdn.shop-a.com/a.js></SCRIPT><script src="http://cdn.shop-a.com/b.js"></script>
    <link rel="stylesheet" href="http://cdn.shop-a.com/a.css"><img src="http://cdn.shop-a.com/a.png">
    <form action="http://shop-a.com/search"><input name="q"></form>
    <form action="/sign-in"><input type="password"><button formaction="http://shop-a.com/in">In</button></form>
    <form action="http://shop-a.com/pay"><p><input name="cardNumber"></p></form>`)
  expect(found).toEqual([
    'site-mixed-content: A script comes from cdn.shop-a.com without TLS',
    'site-mixed-content: A style sheet comes from cdn.shop-a.com without TLS',
    'site-mixed-content: A picture comes from cdn.shop-a.com without TLS',
    'site-mixed-content: A form is sent to shop-a.com without TLS',
    'site-form-over-http: A form with a password or a card is sent to shop-a.com without TLS',
    'site-script-without-integrity: A script of cdn.shop-a.com runs without integrity',
    'site-card-page-cached: A page with fields for a card is without Cache-Control: no-store',
  ])
})

test('links, comments, this machine, and what the browser upgrades are left alone', async () => {
  const found = await foundOn(`<a href="http://shop-a.com/">a</a><link rel="canonical" href="http://shop-a.com/">
    <!-- <script src="http://cdn.shop-a.com/a.js"></script> --><script>"<img src='http://shop-a.com/a.png'>"</script>
    <script src="http://localhost:8080/a.js"></script><img src="//shop-a.com/a.png">
    <form action="/pay"><input name="q"></form>`)
  expect(found).toEqual([])
  const upgraded = { 'content-security-policy': 'upgrade-insecure-requests' }
  const page = '<form action="http://shop-a.com/in"><input type="password"></form><img src="http://shop-a.com/a.png">'
  expect(await foundOn(page, upgraded)).toEqual([])
  expect(await foundOn(page, { 'content-type': 'text/plain' })).toEqual([])
})

test('a base without TLS makes every relative address one', async () => {
  expect(await foundOn('<base href="http://cdn.shop-a.com/"><img src="a.png">')).toEqual([
    'site-mixed-content: A picture comes from cdn.shop-a.com without TLS',
  ])
})

test('a foreign script without integrity is found; payment, own and pinned ones are not', async () => {
  const found = await foundOn(`<script src="https://cdn.jsdelivr.net/npm/chart.js@4.4.4"></script>
    <script src="https://unpkg.com/vue@3" integrity="sha384-AAAA" crossorigin="anonymous"></script>
    <script src="https://js.stripe.com/v3/"></script><script src="/own.js"></script>`)
  expect(found).toEqual(['site-script-without-integrity: A script of cdn.jsdelivr.net runs without integrity'])
})

test('a page with a card that nothing keeps, and one without, need no more', async () => {
  expect(await foundOn(CARD, { 'cache-control': 'private, No-Store' })).toEqual([])
  expect(
    await foundOn('<input type="hidden" name="cardNumber"><input name="gift-card-number"><input name="q">'),
  ).toEqual([])
  expect(await foundOn(CARD, { 'cache-control': 'no-cache' })).toHaveLength(1)
})
