import Type from 'typebox'
import { oneOf } from '../one-of.ts'
import { PAYOUT_FORMS } from '../payout-details.ts'

const number = (description: string): Type.TOptional<Type.TString> =>
  Type.Optional(Type.String({ maxLength: 34, pattern: '^[0-9A-Z]*$', description }))

const details = {
  form: oneOf(PAYOUT_FORMS, 'CA: institution, transit, account. US: routing, account. IBAN: iban.'),
  holder: Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: '^[^\\u0000-\\u001f\\u007f]*$',
    description: "The account holder's name.",
  }),
  institution: number('3 digits.'),
  transit: number('5 digits.'),
  routing: number('9 digits, the last one the ABA check digit.'),
  account: number('7 to 12 digits in Canada, 4 to 17 in the United States.'),
  iban: number('ISO 13616, without spaces.'),
}

/** PUT /dashboard-api/payout-details: all of it, since half an account is none. */
export const ChangePayoutDetailsRequest = Type.Object(details, {
  additionalProperties: false,
  $id: 'ChangePayoutDetailsRequest',
})

/** GET /dashboard-api/payout-details: masked; empty where there are none. */
export const PayoutDetailsData = Type.Object(
  {
    details: Type.Optional(
      Type.Object({
        form: details.form,
        holderMasked: Type.String({ description: 'C•••' }),
        last4: Type.String({ description: 'The last four of the account number or the IBAN.' }),
        changedAt: Type.String({ format: 'date-time' }),
        changedBy: Type.String({ description: "A member's id." }),
      }),
    ),
  },
  { $id: 'PayoutDetailsData' },
)

/** POST /dashboard-api/payout-details/reveal: an audited act. */
export const RevealedPayoutDetails = Type.Object(details, { $id: 'RevealedPayoutDetails' })
