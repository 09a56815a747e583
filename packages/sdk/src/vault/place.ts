import { UCanPayConfigError } from '../errors.ts'

/** Where a sealed value belongs. It opens at this place and at no other. */
export interface Place {
  readonly table: string
  readonly column: string
  /** Whose it is, e.g. the customer's id: it then opens for this owner alone. */
  readonly owner?: string
  /** The row's identity, where it is known before the row is written and never changes. */
  readonly row?: string
}

/** A place as messages name it. */
export function nameOf({ table, column }: Place): string {
  return `${table}.${column}`
}

/** @throws UCanPayConfigError where the place is none, or is one for what nobody may keep */
export function requirePlace(place: Place): void {
  if (typeof place.table !== 'string' || place.table === '') throw new UCanPayConfigError('Name the table.')
  if (typeof place.column !== 'string' || place.column === '') throw new UCanPayConfigError('Name the column.')
  for (const part of ['owner', 'row'] as const) {
    if (place[part] !== undefined && (typeof place[part] !== 'string' || place[part] === '')) {
      throw new UCanPayConfigError(`The ${part} of ${nameOf(place)} is a text that is not empty, or is left out.`)
    }
  }
  requireLawfulName(place.column, nameOf(place))
}

const NEVER_KEPT = /^(?:[id]?cvv2?|cvc2?|cvn2?|cav2|csc|pinblock|track[123]?data|track[12]|magstripe)$/
const NEVER_KEPT_INSIDE = /securitycode|cardverification|verificationvalue|cardcode|pinblock|trackdata/

/**
 * @param where names it in the error
 * @throws UCanPayConfigError for the name of what may not be kept after authorisation, sealed or not
 * @see PCI DSS 3.3.1
 */
export function requireLawfulName(name: string, where: string): void {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  if (!words.some((word) => NEVER_KEPT.test(word)) && !NEVER_KEPT_INSIDE.test(words.join(''))) return
  throw new UCanPayConfigError(
    `${where} is for a card's security code, PIN or track, which nobody may keep, encrypted or not (PCI DSS 3.3.1). ` +
      'Let the buyer enter it on the hosted checkout, and keep the token that you get.',
  )
}
