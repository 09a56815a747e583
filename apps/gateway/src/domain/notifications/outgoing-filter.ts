import { scrub } from '@ucanpay/redaction/scrub'

/** Members that hold words of people; all others are numbers and names of ours or of the merchant's. */
const FREE_TEXTS = new Set(['body', 'deviceNo'])

/** What a message may say; whatever else is handed in stays here. */
const MEMBERS = new Set([
  ...['merchantId', 'deviceNo', 'currency', 'sceneType', 'totalAmt', 'ucpOrderNo', 'outTradeNo', 'tradeStatus', 'body'],
  ...['timeEnd', 'outRefundNo', 'ucpRefundNo', 'refundStatus', 'refundAmt', 'refundTime'],
  ...['mode', 'alertId', 'alert', 'target', 'occasion', 'at'],
])

/**
 * Takes out of a message what may not leave by it: members that no message has, and card numbers, keys, tokens and
 * e-mail addresses within free texts. It runs before the message is written, so that it is neither stored nor sent.
 *
 * @see product practice 7; PCI DSS 4.2.2
 */
export function filterOutgoing(data: Readonly<Record<string, string | number>>): Record<string, string | number> {
  const kept: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(data)) {
    if (!MEMBERS.has(name)) continue
    kept[name] = FREE_TEXTS.has(name) && typeof value === 'string' ? scrub(value) : value
  }
  return kept
}
