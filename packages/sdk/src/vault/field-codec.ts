import { nameOf, requireLawfulName, type Place } from './place.ts'
import { VaultError } from './vault-error.ts'

declare const jsonBrand: unique symbol

/** A field that holds JSON of this type; `json<Address>()` declares one. */
export type JsonField<T> = 'json' & { readonly [jsonBrand]?: T }

/** What a field holds. A card number needs the name that says so: keep the gateway's token instead. */
export type FieldKind = 'text' | 'date' | 'json' | 'dangerouslyCardNumber'

/** The values of a kind of field. */
export type ValueOf<K extends FieldKind> = K extends 'json'
  ? K extends JsonField<infer T>
    ? T
    : unknown
  : K extends 'date'
    ? Date
    : string

export const FIELD_KINDS: readonly string[] = ['text', 'date', 'json', 'dangerouslyCardNumber'] satisfies FieldKind[]

/** A value as the text that is sealed. @throws VaultError where it is not of this kind */
export function encodeField(kind: FieldKind, value: unknown, place: Place): string {
  if (kind === 'date') {
    if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
    throw new VaultError(`${nameOf(place)} takes a Date.`)
  }
  if (kind === 'json') return encodeJson(value, place)
  if (typeof value === 'string') return value
  throw new VaultError(`${nameOf(place)} takes a text.`)
}

/** What `encodeField` made, as the value that it was. */
export function decodeField(kind: FieldKind, text: string): unknown {
  if (kind === 'date') return new Date(text)
  return kind === 'json' ? JSON.parse(text) : text
}

function encodeJson(value: unknown, place: Place): string {
  const text = JSON.stringify(value, (key: string, inner: unknown) => {
    requireLawfulName(key, `${nameOf(place)}, member ${key},`)
    return inner
  }) as string | undefined
  if (text === undefined) throw new VaultError(`${nameOf(place)} takes what JSON can say.`)
  return text
}
