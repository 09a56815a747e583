/** Something that the shop sells. */
export interface Coffee {
  readonly id: string
  readonly name: string
  readonly description: string
  /** Cents of a Canadian dollar. */
  readonly price: number
}

export const MENU: readonly Coffee[] = [
  { id: 'espresso', name: 'Espresso', description: 'Short and strong, from a dark roast', price: 325 },
  { id: 'latte', name: 'Latte', description: 'One espresso and a lot of warm milk', price: 450 },
  { id: 'filter', name: 'Filter coffee', description: 'A large cup, brewed by hand', price: 395 },
]

/** A coffee's name. */
export function nameOf(coffeeId: string): string {
  return MENU.find(({ id }) => id === coffeeId)?.name ?? 'Coffee'
}

/** A price as people write it. */
export function formatPrice(cents: number): string {
  return new Intl.NumberFormat('en-CA', { style: 'currency', currency: 'CAD' }).format(cents / 100)
}
