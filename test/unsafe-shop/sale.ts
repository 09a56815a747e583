import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Sandbox } from '../support/sandbox.ts'
import { payAt, shopEnvironment, type RunningShop } from './running-shop.ts'

/** A day of the shop: somebody signs up, buys a latte, pays it at the checkout, and the staff gives the money back. */
export async function sellAndRefund(shop: RunningShop, sandbox: Sandbox): Promise<void> {
  const { STAFF_PASSWORD: staffPassword = '' } = shopEnvironment(sandbox)
  const who = { email: `ada${Date.now()}@buyers.test`, password: 'a long walk at noon' }
  expect((await shop.ask('/')).text).toContain('Buy Latte for $4.50')
  const signUp = { ...who, phone: '555 0100', street: '1 Mill Lane' }
  expect(await shop.ask('/sign-up', signUp)).toMatchObject({ status: 303, location: '/account.html' })
  await shop.ask('/sign-out')
  expect((await shop.ask('/account')).status).toBe(401)
  expect((await shop.ask('/sign-in', { ...who, password: 'another one' })).status).toBe(401)
  expect((await shop.ask('/sign-in', who)).status).toBe(200)

  const placed = await shop.ask('/orders', { coffee: 'latte', amount: '4.50' })
  expect({ status: placed.status, text: placed.text }).toMatchObject({ status: 303 })
  const number = (): Promise<string> => shop.ask('/account').then(({ text }) => theOrder(text).number)
  const state = (): Promise<string> => shop.ask('/account').then(({ text }) => theOrder(text).state)
  expect(await state()).toBe('new')
  expect(await payAt(placed.location, sandbox)).toBe('SUCCESS')
  await expect.poll(state).toBe('paid')
  expect(readFileSync(join(shop.data, 'mails.txt'), 'utf8')).toContain(await number())

  expect((await shop.ask('/staff/orders')).status).toBe(401)
  expect((await shop.ask('/staff/sign-in', { password: 'guess' })).status).toBe(401)
  expect((await shop.ask('/staff/sign-in', { password: staffPassword })).status).toBe(303)
  expect((await shop.ask('/staff/orders')).text).toContain(await number())
  expect((await shop.ask('/staff/refund', { number: await number() })).status).toBe(200)
  await expect.poll(state).toBe('refunded')
}

function theOrder(text: string): { number: string; state: string } {
  const { orders } = JSON.parse(text) as { orders: { number: string; state: string }[] }
  expect(orders).toHaveLength(1)
  return orders[0] ?? { number: '', state: '' }
}
