import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessCases, signatureCases } from './access-cases.ts'
import { inputCases } from './input-cases.ts'
import { notificationCases } from './notification-cases.ts'
import { orderCases } from './order-cases.ts'
import { refundCases } from './refund-cases.ts'
import { restCases } from './rest-cases.ts'
import { Speaker, expectRefusal, type Cases } from './speak.ts'
import type { StartTarget } from './target.ts'
import { timeCases } from './time-cases.ts'

/** Everything that the contract promises to a client, as tests against one speaker of it. */
export function contractSuite(name: string, start: StartTarget): void {
  describe(`${name}:`, () => {
    let speaker: Speaker
    beforeAll(async () => {
      speaker = new Speaker(await start())
      await speaker.start()
    })
    afterAll(async () => {
      await speaker.close()
      await speaker.target.stop()
    })
    const groups: Readonly<Record<string, Cases>> = {
      access: accessCases,
      signatures: signatureCases,
      input: inputCases,
      orders: orderCases,
      refunds: refundCases,
      rest: restCases,
      notifications: notificationCases,
      time: timeCases, // Last: it moves the clock.
    }
    for (const [group, cases] of Object.entries(groups))
      describe(group, () => {
        for (const [promise, run] of Object.entries(cases)) test(promise, () => run(speaker))
      })
  })

  test(`${name}: a key that only fails is refused for a minute`, async () => {
    const target = await start({ maxFailuresInARow: 3 })
    const c = new Speaker(target)
    await c.start()
    try {
      const fail = () => c.get('/v1/payments/none')
      for (let times = 0; times < 2; times++) expectRefusal(await fail(), 'ORDERNOTEXIST')
      c.ok(await c.get('/v1/payments'))
      for (let times = 0; times < 3; times++) expectRefusal(await fail(), 'ORDERNOTEXIST')
      const blocked = await c.get('/v1/payments')
      expectRefusal(blocked, 'INVALID_REQ_TOO_MUCH')
      expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(50)
      target.moveClock(61_000)
      c.ok(await c.get('/v1/payments'))
    } finally {
      await c.close()
      await target.stop()
    }
  })
}
