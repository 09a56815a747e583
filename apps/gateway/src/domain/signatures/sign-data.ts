import { randomBytes } from 'node:crypto'
import { stringToSign } from '@ucanpay/wire/string-to-sign'
import type { Account } from '../merchants/account.ts'
import type { PlatformKeys } from './platform-keys.ts'
import { signText } from './signature.ts'

/** How a merchant wants what it is sent to be signed. */
export type SigningRules = Pick<Account, 'signatureScheme' | 'replySignature'>

/** The members that a signature adds. */
export interface SignatureMembers {
  readonly nonceStr: string
  readonly signType: Account['replySignature']
  readonly sign: string
}

/**
 * Signs a flat `data` with the gateway's key, over its members and the path (contract §3).
 *
 * @param path the endpoint's, or the notification address's
 */
export async function signData<Data extends object>(
  keys: PlatformKeys,
  rules: SigningRules,
  { data, path }: { data: Data; path: string },
): Promise<Data & SignatureMembers> {
  const algorithm = rules.replySignature
  const unsigned = { ...data, nonceStr: randomBytes(16).toString('hex'), signType: algorithm }
  const text = stringToSign(unsigned, path, rules.signatureScheme)
  const sign = await signText(keys.active[algorithm].privateKey, { text, scheme: rules.signatureScheme, algorithm })
  return { ...unsigned, sign }
}
