import type { Data, Input } from '../../shared/api/client.ts'

/** What can be changed, as the gateway takes it. */
type SettingsChange = NonNullable<Input<'PUT /dashboard-api/settings'>['body']>

/** What is typed. */
export interface Typed {
  readonly name: string
  readonly address: string
  /** Units of whatever currency, with up to two decimals. */
  readonly limit: string
}

/** What was typed, read. */
interface Read {
  readonly name: string
  /** Empty: none. */
  readonly securityNotifyUrl: string
  /** Hundredths of a unit of whatever currency. */
  readonly refundLimitAmt: number
}

interface ReadForm {
  /** Undefined where something is wrong. */
  readonly read: Read | undefined
  readonly wrong: Readonly<Record<keyof Typed, boolean>>
}

/** Reads the form, and tells what of it is wrong. */
export function readForm(typed: Typed): ReadForm {
  const name = typed.name.trim()
  const address = typed.address.trim()
  const limit = typed.limit.replace(/[\s\u00a0\u202f]/g, '')
  const wrong = {
    name: name === '',
    address: address !== '' && !isHttps(address),
    limit: !/^\d{1,10}(?:[.,]\d{1,2})?$/.test(limit),
  }
  const [units = '', decimals = ''] = limit.split(/[.,]/)
  const read = { name, securityNotifyUrl: address, refundLimitAmt: Number(units + decimals.padEnd(2, '0')) }
  return { read: wrong.name || wrong.address || wrong.limit ? undefined : read, wrong }
}

/** What is other than it was: nothing else is sent, so that two members' changes do not undo each other. */
export function changesOf(before: Data<'GET /dashboard-api/settings'>, wanted: Read): SettingsChange {
  const { name, securityNotifyUrl, refundLimitAmt } = wanted
  return {
    ...(name === before.name ? {} : { name }),
    ...(securityNotifyUrl === (before.securityNotifyUrl ?? '') ? {} : { securityNotifyUrl }),
    ...(refundLimitAmt === before.refundLimitAmt ? {} : { refundLimitAmt }),
  }
}

function isHttps(address: string): boolean {
  return URL.canParse(address) && new URL(address).protocol === 'https:'
}
