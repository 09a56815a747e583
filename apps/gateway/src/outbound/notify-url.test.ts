import { expect, test } from 'vitest'
import { hostOf, readNotifyUrl } from './notify-url.ts'

test.each([
  'https://shop.example/notify',
  'https://shop.example',
  'https://shop.example:443/a/b',
  'HTTPS://Shop.Example/Notify',
  'https://shop.example./notify',
  'https://xn--bcher-kva.example/n',
  'https://8.8.8.8/notify',
  'https://[2606:4700:4700::1111]/notify',
])('%s may be notified in live mode and in test mode', (text) => {
  expect(readNotifyUrl(text, 'live')).toBeInstanceOf(URL)
  expect(readNotifyUrl(text, 'test')).toBeInstanceOf(URL)
})

test.each([
  ['another scheme', 'ftp://shop.example/'],
  ['another scheme', 'file:///etc/passwd'],
  ['another scheme', 'gopher://shop.example/'],
  ['another scheme', 'javascript:alert(1)'],
  ['plain http', 'http://shop.example/'],
  ['no scheme', '//shop.example/'],
  ['relative', '/notify'],
  ['empty', ''],
  ['no host', 'https://'],
  ['credentials', 'https://user:secret@shop.example/'],
  ['a user', 'https://user@shop.example/'],
  ['empty credentials', 'https://@shop.example/'],
  ['a host made to look like another', 'https://shop.example@10.0.0.1/'],
  ['a query', 'https://shop.example/?a=1'],
  ['a bare question mark', 'https://shop.example/?'],
  ['a fragment', 'https://shop.example/#a'],
  ['a bare number sign', 'https://shop.example/#'],
  ['a backslash', 'https:\\\\shop.example\\'],
  ['a backslash after the host', 'https://shop.example\\@10.0.0.1/'],
  ['a third slash', 'https:///shop.example/'],
  ['no slash', 'https:shop.example'],
  ['a space around it', ' https://shop.example/'],
  ['a line end', 'https://shop.example/\r\nX: y'],
  ['a tab in the scheme', 'ht\ttps://shop.example/'],
  ['letters beyond ASCII', 'https://shöp.example/'],
  ['full-width digits', 'https://１２７.0.0.1/'],
  ['257 characters', `https://shop.example/${'a'.repeat(236)}`],
  ['one label', 'https://intranet/'],
  ['an empty label at the end', 'https://shop.example../'],
  ['localhost with an empty label', 'https://localhost../'],
  ['a local name', 'https://shop.localhost/'],
  ['a local name with a dot', 'https://shop.localhost./'],
  ['a local name', 'https://printer.local/'],
  ['a local name', 'https://PRINTER.LOCAL/'],
  ['a local name', 'https://db.internal/'],
  ['metadata of a cloud', 'https://metadata.google.internal/'],
  ['a home router', 'https://router.home.arpa/'],
  ['a reverse name', 'https://1.0.0.127.in-addr.arpa/'],
  ['private', 'https://10.0.0.1/'],
  ['private', 'https://192.168.1.1/'],
  ['metadata of a cloud', 'https://169.254.169.254/latest/meta-data/'],
  ['in hexadecimal', 'https://0xa9fea9fe/'],
  ['in one number', 'https://2852039166/'],
  ['in octal', 'https://0251.0376.0251.0376/'],
  ['percent-encoded', 'https://%31%36%39.254.169.254/'],
  ['with three parts', 'https://192.168.257/'],
  ['with a dot', 'https://10.0.0.1./'],
  ['this network', 'https://0/'],
  ['this network', 'https://0.0.0.0/'],
  ['unspecified', 'https://[::]/'],
  ['mapped', 'https://[::ffff:127.0.0.1]/'],
  ['mapped', 'https://[::ffff:a9fe:a9fe]/'],
  ['NAT64', 'https://[64:ff9b::a9fe:a9fe]/'],
  ['6to4', 'https://[2002:a00:1::]/'],
  ['unique local', 'https://[fd00:ec2::254]/'],
  ['link local', 'https://[fe80::1]/'],
  ['a zone', 'https://[fe80::1%25eth0]/'],
])('%s is refused in both modes: %s', (_what, text) => {
  expect(readNotifyUrl(text, 'live')).toBeUndefined()
  expect(readNotifyUrl(text, 'test')).toBeUndefined()
})

test.each([
  'https://localhost/n',
  'https://localhost./n',
  'https://localhost:8446/n',
  'https://127.0.0.1/n',
  'https://0x7f.1/n',
  'https://2130706433/n',
  'https://0177.0.0.1/n',
  'https://127.1/n',
  'https://127.0.0.1./n',
  'https://[::1]/n',
  'https://[0:0:0:0:0:0:0:1]:9/n',
  'http://localhost:3000/n',
  'http://127.0.0.1:3000/n',
  'http://[::1]:3000/n',
])('this machine, %s, is for test mode alone', (text) => {
  expect(readNotifyUrl(text, 'live')).toBeUndefined()
  expect(readNotifyUrl(text, 'test')).toBeInstanceOf(URL)
})

test.each(['https://shop.example:8443/', 'https://shop.example:80/', 'https://8.8.8.8:8443/'])(
  'another port, %s, is for test mode alone',
  (text) => {
    expect(readNotifyUrl(text, 'live')).toBeUndefined()
    expect(readNotifyUrl(text, 'test')).toBeInstanceOf(URL)
  },
)

test('256 characters are not too many', () => {
  expect(readNotifyUrl(`https://shop.example/${'a'.repeat(235)}`, 'live')).toBeInstanceOf(URL)
})

test.each([
  ['https://[::1]/', '::1'],
  ['https://0x7f.1/', '127.0.0.1'],
  ['https://Shop.Example./', 'shop.example'],
])('the host of %s is asked for as %s', (text, host) => {
  expect(hostOf(new URL(text))).toBe(host)
})
