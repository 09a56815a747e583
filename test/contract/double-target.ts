import { createPrivateKey } from 'node:crypto'
import type { Scope } from '@ucanpay/wire/scopes'
import { startReceiver } from '../../apps/gateway/test/support/receiver.ts'
import { testCertificates } from '../../apps/gateway/test/support/gateway.ts'
import { startTestGateway } from '../../packages/sdk/src/testing/testing.ts'
import type { StartTarget } from './target.ts'

/** The double of `ucanpay-sdk/testing`. */
export const startDouble: StartTarget = async ({ maxFailuresInARow = 1_000_000 } = {}) => {
  const receiver = await startReceiver(testCertificates)
  const gateway = await startTestGateway({
    signatures: 'optional',
    notificationCa: testCertificates.ca,
    maxFailuresInARow,
  })
  const { options } = gateway
  return {
    ...options,
    privateKey: createPrivateKey(options.privateKey),
    webhookSecret: gateway.webhookSecret,
    receiver,
    async pay({ outTradeNo }, card) {
      await Promise.resolve() // A refusal is a rejection, as of any target.
      gateway.pay(outTradeNo, { card })
    },
    work: () => {
      gateway.settlePayments()
      gateway.settleRefunds()
      return Promise.resolve()
    },
    async deliver() {
      await gateway.deliverNotifications()
    },
    moveClock: (ms) => {
      gateway.moveClock(ms)
    },
    addKey: (kind, scopes) => Promise.resolve(gateway.addApiKey(kind, scopes as readonly Scope[])),
    payOut(currency, amount) {
      gateway.payOut(currency, amount)
      return Promise.resolve()
    },
    async stop() {
      await gateway.close()
      await receiver.close()
    },
  }
}
