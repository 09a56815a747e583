import { parseAmount } from '@ucanpay/wire/parse-amount'
import type { Input } from '../../shared/api/client.ts'
import { readAddress, readSubject } from './order-words.ts'

/** A code, as the gateway takes it. */
type CodeValues = NonNullable<Input<'POST /dashboard-api/static-codes'>['body']>

/** What is typed, as it stands in the form. */
export interface TypedCode {
  readonly name: string
  readonly subject: string
  readonly currency: string
  readonly kind: 'entered' | 'fixed'
  /** The least, or the fixed amount. */
  readonly min: string
  readonly max: string
  readonly notifyUrl: string
}

export interface ReadCode {
  /** Undefined where something is wrong. */
  readonly values: CodeValues | undefined
  readonly wrong: Readonly<Record<'name' | 'subject' | 'min' | 'max' | 'notifyUrl', boolean>>
}

/** Reads the form, and tells what of it is wrong. */
export function readCode(typed: TypedCode): ReadCode {
  const name = typed.name.trim()
  const subject = readSubject(typed.subject)
  const notifyUrl = readAddress(typed.notifyUrl)
  const minAmt = parseAmount(typed.min, typed.currency)
  const maxAmt = typed.kind === 'fixed' ? minAmt : parseAmount(typed.max, typed.currency)
  const wrong = {
    name: name === '',
    subject: subject === undefined,
    notifyUrl: notifyUrl === undefined,
    min: minAmt === undefined,
    max: maxAmt === undefined ? typed.kind === 'entered' : minAmt !== undefined && maxAmt < minAmt,
  }
  const whole =
    !wrong.name && !wrong.max && subject !== undefined && notifyUrl !== undefined && minAmt !== undefined && maxAmt
  const currency = typed.currency as CodeValues['currency']
  return { values: whole ? { name, subject, notifyUrl, currency, minAmt, maxAmt } : undefined, wrong }
}
