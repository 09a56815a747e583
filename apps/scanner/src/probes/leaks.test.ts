import { expect, test } from 'vitest'
import { leaksIn } from './leaks.ts'

/** A part of a site, which on some machines is the folder of their users. */
const HOME = '/home'

const whats = (text: string): string[] => leaksIn(text, true).map(({ what }) => what)

test.each([
  ['Error: no such order\n    at Object.pay [as handle] (/app/src/pay.js:12:7)', 'Node.js'],
  ['at async file:///srv/shop/pay.mjs:3:1', 'Node.js'],
  ['at processTicksAndRejections (node:internal/process/task_queues:95:5)', 'Node.js'],
  ['TypeError: x at C:\\shop\\pay.js:12:7', 'Node.js'],
  ['at com.shop.Pay.charge(Pay.java:31)', 'Java'],
  ['org.springframework.http.converter.HttpMessageNotReadableException: x', 'Java'],
  ['Traceback (most recent call last):', 'Python'],
  ['File "/usr/lib/python3/shop/views.py", line 31, in pay', 'Python'],
  ['Fatal error :  Uncaught Error: x in  /var/www/shop/pay.php  on line  12', 'PHP'],
  ['#0 /var/www/shop/pay.php(12): pay()', 'PHP'],
  ['at Shop.Pay.Charge(String id) in C:\\shop\\Pay.cs:line 12', '.NET'],
  ["Server Error in '/' Application.", '.NET'],
  ["app/controllers/pay_controller.rb:12:in 'charge'", 'Ruby'],
  ['goroutine 12 [running]:', 'Go'],
  ["You're seeing this error because you have DEBUG = True", 'developers'],
  ['// Werkzeug Debugger', 'developers'],
  ['You have an error in your SQL syntax; check the manual', 'database'],
  ['SQLSTATE[42S02]: Base table or view not found', 'database'],
  ['relation "orders" does not exist', 'database'],
  ["ENOENT: no such file or directory, stat '/app/public/x'", 'path'],
  ['cannot open /srv/shop/views/index.ejs', 'path'],
  ['<address>Apache/2.4.41 (Ubuntu) Server</address>', 'version'],
  ['nginx/1.18.0', 'version'],
  ['Unexpected end of JSON input', 'parser'],
  ['Unterminated string in JSON at position 45', 'parser'],
])('%j tells', (text, what) => {
  expect(whats(text).some((each) => each.includes(what))).toBe(true)
})

test.each([
  ['The page was not found. We are at 12 Main Street (open 9:00:00).'],
  ['{"code":400,"msg":"PARAM_ERROR","message":"The request cannot be read."}'],
  ['Cannot GET /ucanpay-audit-4f1d9c7b'],
  ['Body is not valid JSON but content-type is set to "application/json"'],
  ['nginx'],
  [`Open https://shop.example/app/checkout or ${HOME}/orders to go on`],
  ['Warning: this order was not paid in time'],
  ['Error: 404. We looked at /shop/a:12'],
  ['Meet us at the fair in Hall 3: line 12 leads there'],
  ['Whoops, looks like something went wrong.'],
])('%j tells nothing', (text) => {
  expect(whats(text)).toEqual([])
})

test('no answer keeps it busy for long', () => {
  const size = 1_000_000
  const texts = [
    'at ',
    'at a',
    'a.',
    'java.',
    'java.a',
    'File "',
    'Warning: in ',
    '#1 a',
    'at a.(',
    'System.',
    '/home',
    `${HOME}/a`,
    ' C:\\a\\',
    'ENOENT',
    'near "',
    'relation "',
    '.rb:1',
    'Expecting ',
    'a',
    ' ',
    '\n',
    '1.',
  ]
  for (const text of texts) {
    const began = performance.now()
    leaksIn(text.repeat(size / text.length), true)
    expect(performance.now() - began, text).toBeLessThan(3_000)
  }
})
