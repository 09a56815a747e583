/** How a bank account is named: in Canada, in the United States, or by IBAN. */
export const PAYOUT_FORMS = ['CA', 'US', 'IBAN'] as const
export type PayoutForm = (typeof PAYOUT_FORMS)[number]

/** Where money goes: the account's holder, and the numbers of its form, without spaces. */
export interface PayoutDetails {
  readonly form: PayoutForm
  readonly holder: string
  readonly institution?: string | undefined
  readonly transit?: string | undefined
  readonly routing?: string | undefined
  readonly account?: string | undefined
  readonly iban?: string | undefined
}

/** Every number that a form can have. */
export const PAYOUT_NUMBERS = ['institution', 'transit', 'routing', 'account', 'iban'] as const
export type PayoutNumber = (typeof PAYOUT_NUMBERS)[number]

/** The numbers of each form, in the order in which a form asks for them. */
export const NUMBERS_OF: Readonly<Record<PayoutForm, readonly PayoutNumber[]>> = {
  CA: ['institution', 'transit', 'account'],
  US: ['routing', 'account'],
  IBAN: ['iban'],
}

/** What is wrong with one member, by the name of the rule. */
export interface PayoutMistake {
  readonly name: PayoutNumber
  readonly rule: 'required' | 'pattern' | 'checksum' | 'country' | 'additionalProperties'
}

/** Takes out what people put between digits. */
export function plainNumber(typed: string): string {
  return typed.replace(/[\s\u00a0\u202f-]/g, '').toUpperCase()
}

/**
 * What is wrong with the numbers; nothing where it is a good account, as far as a form can tell.
 *
 * @see Payments Canada Rule A4 (institution, transit); ABA routing check digit; ISO 13616 and ISO/IEC 7064 (IBAN)
 */
export function payoutMistakes(details: PayoutDetails): PayoutMistake[] {
  const own = NUMBERS_OF[details.form]
  return PAYOUT_NUMBERS.flatMap((name): PayoutMistake[] => {
    const value = details[name]
    if (!own.includes(name)) return value === undefined ? [] : [{ name, rule: 'additionalProperties' }]
    if (value === undefined || value === '') return [{ name, rule: 'required' }]
    const rule = mistakeOf(details.form, name, value)
    return rule ? [{ name, rule }] : []
  })
}

const PATTERNS: Readonly<Partial<Record<`${PayoutForm} ${PayoutNumber}`, RegExp>>> = {
  'CA institution': /^\d{3}$/,
  'CA transit': /^\d{5}$/,
  'CA account': /^\d{7,12}$/,
  'US routing': /^\d{9}$/,
  'US account': /^\d{4,17}$/,
  'IBAN iban': /^[A-Z]{2}\d{2}[0-9A-Z]{11,30}$/,
}

function mistakeOf(form: PayoutForm, name: PayoutNumber, value: string): PayoutMistake['rule'] | undefined {
  if (!PATTERNS[`${form} ${name}`]?.test(value)) return 'pattern'
  if (name === 'routing') return isRouting(value) ? undefined : 'checksum'
  if (name === 'iban') return ibanMistake(value)
  return undefined
}

/** Weights 3, 7, 1, again and again; the sum ends with a nought. A row of noughts would pass. */
function isRouting(routing: string): boolean {
  const sum = Array.from(routing).reduce((total, digit, at) => total + Number(digit) * ([3, 7, 1][at % 3] ?? 0), 0)
  return sum > 0 && sum % 10 === 0
}

/** Characters of an IBAN, by country: the SWIFT registry of ISO 13616. */
const IBAN_LENGTHS =
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20'
const LENGTH_OF = new Map(IBAN_LENGTHS.split(' ').map((each) => [each.slice(0, 2), Number(each.slice(2))]))

function ibanMistake(iban: string): PayoutMistake['rule'] | undefined {
  const length = LENGTH_OF.get(iban.slice(0, 2))
  if (length === undefined) return 'country'
  if (iban.length !== length) return 'pattern'
  // Letters count as 10 to 35; digit by digit, so that no number grows beyond what is exact.
  const digits = Array.from(iban.slice(4) + iban.slice(0, 4), (sign) => parseInt(sign, 36)).join('')
  let rest = 0
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1 ? undefined : 'checksum'
}

/** The last four of the number that names the account; all that a mask shows. */
export function lastFourOf({ account, iban }: PayoutDetails): string {
  return (iban ?? account ?? '').slice(-4)
}
