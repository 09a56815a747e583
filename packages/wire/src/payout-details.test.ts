import { expect, test } from 'vitest'
import { lastFourOf, payoutMistakes, plainNumber, type PayoutDetails } from './payout-details.ts'

const CA = { form: 'CA', holder: 'Corner Coffee', institution: '003', transit: '12345', account: '1234567' } as const
const US = { form: 'US', holder: 'Corner Coffee', routing: '021000021', account: '123456789' } as const
const iban = (text: string): PayoutDetails => ({ form: 'IBAN', holder: 'Corner Coffee', iban: plainNumber(text) })

// Examples of the registries themselves.
test.each([
  [CA],
  [{ ...CA, account: '123456789012' }],
  [US],
  [{ ...US, routing: '011401533' }],
  [iban('GB29 NWBK 6016 1331 9268 19')],
  [iban('DE89 3704 0044 0532 0130 00')],
  [iban('FR14 2004 1010 0505 0001 3M02 606')],
  [iban('NO93 8601 1117 947')],
  [iban('MT84 MALT 0110 0001 2345 MTLC AST0 01S')],
])('%j is a good account', (details) => expect(payoutMistakes(details)).toEqual([]))

test.each([
  [{ ...CA, institution: '03' }, 'institution', 'pattern'],
  [{ ...CA, transit: '1234a' }, 'transit', 'pattern'],
  [{ ...CA, account: '123456' }, 'account', 'pattern'],
  [{ ...CA, account: '1234567890123' }, 'account', 'pattern'],
  [{ ...CA, account: undefined }, 'account', 'required'],
  [{ ...CA, transit: '' }, 'transit', 'required'],
  [{ ...CA, iban: 'GB29NWBK60161331926819' }, 'iban', 'additionalProperties'],
  [{ ...US, routing: '021000022' }, 'routing', 'checksum'],
  [{ ...US, routing: '000000000' }, 'routing', 'checksum'],
  [{ ...US, routing: '02100002' }, 'routing', 'pattern'],
  [{ ...US, account: '123' }, 'account', 'pattern'],
  [iban('GB29 NWBK 6016 1331 9268 18'), 'iban', 'checksum'],
  [iban('DE89 3704 0044 0532 0130 0'), 'iban', 'pattern'],
  [iban('ZZ89 3704 0044 0532 0130 00'), 'iban', 'country'],
  [iban('x'), 'iban', 'pattern'],
] as const)('%j is wrong at its field', (details, name, rule) => {
  expect(payoutMistakes(details)).toEqual([{ name, rule }])
})

test('two neighbours that changed places are noticed in a routing number and in an IBAN', () => {
  for (let at = 0; at < 8; at++) {
    const swapped =
      US.routing.slice(0, at) + (US.routing[at + 1] ?? '') + (US.routing[at] ?? '') + US.routing.slice(at + 2)
    if (swapped !== US.routing) expect(payoutMistakes({ ...US, routing: swapped })).toHaveLength(1)
  }
  const good = 'DE89370400440532013000'
  for (let at = 4; at < good.length - 1; at++) {
    const swapped = good.slice(0, at) + (good[at + 1] ?? '') + (good[at] ?? '') + good.slice(at + 2)
    if (swapped !== good) expect(payoutMistakes(iban(swapped))).toHaveLength(1)
  }
})

test('a mask shows the last four and no more', () => {
  expect([lastFourOf(CA), lastFourOf(iban('DE89 3704 0044 0532 0130 00'))]).toEqual(['4567', '3000'])
})
