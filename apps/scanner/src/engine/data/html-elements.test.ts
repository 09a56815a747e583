import { expect, test } from 'vitest'
import { attributeOf } from './element.ts'
import { htmlElements } from './html-elements.ts'

const shape = (text: string): string[] =>
  htmlElements(text).map(({ name, parent, start, end }) => `${parent?.name ?? ''}>${name} ${text.slice(start, end)}`)

test('every element stands at its place, within the one that holds it', () => {
  expect(shape('<form action=/pay>\n<input name="cvc" required><p>a</p></form><a href="x">')).toEqual([
    '>form <form action=/pay>',
    'form>input <input name="cvc" required>',
    'form>p <p>',
    '>a <a href="x">',
  ])
})

test('what looks like an element in a script, a comment or a text is none', () => {
  expect(shape('<script>const a = "<form>"</script><!-- <input> --><textarea><b></textarea>')).toEqual([
    '>script <script>',
    '>textarea <textarea>',
  ])
})

test('attributes of Svelte and Vue keep their names; an expression may hold any sign', () => {
  const [button] = htmlElements('<button on:click={() => a > b ? "}" : c} {disabled} :title="t" v-html="x">')
  expect(button?.attributes.map(({ name, value }) => [name, value])).toEqual([
    ['on:click', undefined],
    ['{disabled}', undefined],
    [':title', 't'],
    ['v-html', 'x'],
  ])
  expect(button && attributeOf(button, 'TITLE')?.value).toBe('t')
})

test('a page that never ends is read to its end', () => {
  expect(shape('<a <b <c href="')).toHaveLength(1)
})
