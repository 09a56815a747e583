import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SealedText } from 'ucanpay-sdk/vault'

export type OrderState = 'waiting' | 'paid' | 'refunding' | 'refunded'

/** An order as the shop keeps it. */
export interface ShopOrder {
  /** Also the `outTradeNo` at the gateway. */
  readonly number: string
  readonly coffeeId: string
  /** Cents. */
  readonly price: number
  /** Who may see it: whom the session is of. */
  readonly buyer: string
  readonly state: OrderState
  /** Where its receipts go, sealed: the file and its copies hold nobody's address. */
  readonly email?: SealedText
}

/** The shop's orders, in one file; a change is on disk before it is answered. */
export interface Orders {
  find(number: string): ShopOrder | undefined
  of(buyer: string): ShopOrder[]
  add(order: Omit<ShopOrder, 'number' | 'state' | 'email'>): Promise<ShopOrder>
  /** Keeps where its receipts go. @returns false where that is known already: one address an order */
  address(number: string, email: SealedText): Promise<boolean>
  /** Forgets it: nothing went there. */
  forgetAddress(number: string): Promise<void>
  /**
   * Moves an order on; what has gone further already stays where it is, so a notification may come twice.
   *
   * @returns the order, where it moved
   */
  advance(number: string, state: OrderState): Promise<ShopOrder | undefined>
}

const STEPS: readonly OrderState[] = ['waiting', 'paid', 'refunding', 'refunded']

/** Opens the file, or begins one. */
export async function openOrders(file: string): Promise<Orders> {
  const orders = new Map<string, ShopOrder>()
  for (const order of await readOrders(file)) orders.set(order.number, order)
  let writing = Promise.resolve()
  const save = (): Promise<void> => {
    // One write after the other; each writes what is true when its turn comes.
    writing = writing.then(() => writeOrders(file, [...orders.values()]))
    return writing
  }
  return {
    find: (number) => orders.get(number),
    of: (buyer) => [...orders.values()].filter((order) => order.buyer === buyer).reverse(),
    async add(order) {
      const added: ShopOrder = { ...order, number: randomBytes(12).toString('hex'), state: 'waiting' }
      orders.set(added.number, added)
      await save()
      return added
    },
    async address(number, email) {
      const order = orders.get(number)
      if (!order || order.email) return false
      orders.set(number, { ...order, email })
      await save()
      return true
    },
    async forgetAddress(number) {
      const order = orders.get(number)
      if (!order) return
      const { number: name, coffeeId, price, buyer, state } = order
      orders.set(number, { number: name, coffeeId, price, buyer, state })
      await save()
    },
    async advance(number, state) {
      const order = orders.get(number)
      if (!order || STEPS.indexOf(state) <= STEPS.indexOf(order.state)) return undefined
      const moved = { ...order, state }
      orders.set(number, moved)
      await save()
      return moved
    },
  }
}

async function readOrders(file: string): Promise<ShopOrder[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ShopOrder[]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function writeOrders(file: string, orders: readonly ShopOrder[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.new`, JSON.stringify(orders, null, 2), { mode: 0o600 })
  await rename(`${file}.new`, file)
}
