/**
 * Not the merchant's code: this keeps the example on this machine. It breaks every practice on purpose, so it listens
 * on loopback alone and takes no key that moves money.
 */
export function stayHere({ host, apiKey }) {
  if (!['127.0.0.1', '::1', 'localhost'].includes(host))
    throw new Error('unsafe-shop is wrong on purpose: it listens on loopback alone')
  if (!apiKey.includes('_test_')) throw new Error('unsafe-shop is wrong on purpose: it takes test keys alone')
}
