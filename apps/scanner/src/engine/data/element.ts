import type { Value } from '../values/value.ts'

/** An attribute of an element. */
export interface Attribute {
  /** As written: `href`, `:href`, `v-html`, `on:click`, `dangerouslySetInnerHTML`. */
  readonly name: string
  /** Its text where that is known; undefined for an expression whose value is not. */
  readonly value: string | undefined
  /** JSX: what its expression can be. */
  readonly expression?: Value
  readonly start: number
  readonly end: number
}

/** An element of a page or of JSX. */
export interface Element {
  /** In lower case for HTML; as written for components. */
  readonly name: string
  readonly attributes: readonly Attribute[]
  readonly parent: Element | undefined
  /** Offsets of its opening tag. */
  readonly start: number
  readonly end: number
  readonly source: 'html' | 'jsx'
  /** JSX: attributes that are spread in may hold any other. */
  readonly open: boolean
}

/** An attribute by its name in any case; in Vue and Svelte also where it is bound (`:src`, `v-bind:src`). */
export function attributeOf(element: Element, name: string): Attribute | undefined {
  const wanted = name.toLowerCase()
  return element.attributes.find((attribute) => {
    const given = attribute.name.toLowerCase()
    return given === wanted || given === `:${wanted}` || given === `v-bind:${wanted}` || given === `bind:${wanted}`
  })
}
