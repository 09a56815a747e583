/**
 * ISO 4217 currencies with the number of decimals of their minor unit: `totalAmt` 450 is CAD 4.50, JPY 450, or
 * KWD 0.450. Funds codes, metals and test codes are not money that a card can be charged in and are left out.
 */
const BY_DECIMALS = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF',
  2: 'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
} as const

const DECIMALS = new Map<string, number>()
for (const [decimals, codes] of Object.entries(BY_DECIMALS))
  for (const code of codes.split(' ')) DECIMALS.set(code, Number(decimals))

/** Every accepted currency code, sorted. */
export const CURRENCIES: readonly string[] = [...DECIMALS.keys()].sort()

/**
 * Decimals of a currency's minor unit: 0, 2 or 3.
 *
 * @throws RangeError for a code that is not in the list
 */
export function decimalsOf(currency: string): number {
  const decimals = DECIMALS.get(currency)
  if (decimals === undefined) throw new RangeError('unknown currency')
  return decimals
}
