import { expect, test } from 'vitest'
import { readPage } from './page-elements.ts'

const shape = (html: string): string[] =>
  readPage(html).elements.map(
    ({ name, attributes, form }) => `${form ? 'form>' : ''}${name} ${JSON.stringify([...attributes])}`,
  )

test('tags are read as a browser reads them', () => {
  expect(shape('<FORM Action=/pay><input name="cvc" required/><p a=1 a=2></form><input value=\'a>b\'>')).toEqual([
    'form [["action","/pay"]]',
    'form>input [["name","cvc"],["required",""]]',
    'form>p [["a","1"]]',
    'input [["value","a>b"]]',
  ])
  expect(shape('<a href="?a=1&amp;b=2"><img = src = x>')).toEqual([
    'a [["href","?a=1&b=2"]]',
    'img [["=",""],["src","x"]]',
  ])
})

test('what only looks like an element is none', () => {
  expect(shape('<script>"<form>"</SCRIPT><!-- <input> --><textarea><b></textarea>< a>3 < 4<!-- <b>')).toEqual([
    'script []',
    'textarea []',
  ])
})

test('the text is what a reader sees', () => {
  const html =
    '<title>Oh</title><script>"/app/a.js"</script><p class="x">1 &lt; 2<br>&#39;b&#x27;</p><!-- c --><a href="/d">3 < 4'
  expect(readPage(html).text.replace(/\s+/g, ' ').trim()).toBe("Oh 1 < 2 'b' 3 < 4")
})

test('no page keeps it busy for long', () => {
  const size = 1_000_000
  const pages = [
    '<',
    '<a ',
    '<a',
    '<!--',
    '<!',
    '</',
    '<a b="',
    "<a b='",
    '<a {',
    '{"',
    '<script>',
    '</b>',
    '<form>',
    '=',
  ]
  const all = [
    ...pages.map((each) => each.repeat(size / each.length)),
    `<a${' '.repeat(size)}"`,
    `<a b${' '.repeat(size)}`,
    `<a b=${' '.repeat(size)}"`,
    `<a ${'b '.repeat(size / 2)}`,
    `${'<b>'.repeat(19_000)}${'</a>'.repeat(size / 4)}`,
  ]
  for (const page of all) {
    const began = performance.now()
    readPage(page)
    expect(performance.now() - began, page.slice(0, 20)).toBeLessThan(3_000)
  }
})
