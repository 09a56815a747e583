import type { JSX } from 'preact'
import { t } from '../../shared/texts.ts'
import { BrandMark } from './brand-mark.tsx'
import { caretAfter, codeLength, digitsOf, formatExpiry, groupNumber } from './card-entry.ts'
import { Field, type FieldProps } from './field.tsx'

/** The four fields of a card. */
export function CardFields(
  shared: Pick<FieldProps, 'typed' | 'mistakes' | 'onChange' | 'onLeave' | 'disabled'>,
): JSX.Element {
  const { typed } = shared
  // Taking a sign away must be possible, so only what grows is put into form.
  const expiryOf = (input: HTMLInputElement): string =>
    input.value.length > typed.expiry.length ? formatExpiry(input.value) : input.value
  return (
    <>
      <div class="number">
        <Field
          {...shared}
          field="number"
          label={t('cardNumber')}
          autocomplete="cc-number"
          inputMode="numeric"
          maxLength={25}
          format={regroup}
        />
        <BrandMark number={digitsOf(typed.number)} />
      </div>
      <div class="pair">
        <Field
          {...shared}
          field="expiry"
          label={t('expiry')}
          hint={t('expiryHint')}
          autocomplete="cc-exp"
          inputMode="numeric"
          maxLength={9}
          format={expiryOf}
        />
        <Field
          {...shared}
          field="securityCode"
          label={t('securityCode')}
          hint={t('securityCodeHint')}
          autocomplete="cc-csc"
          inputMode="numeric"
          maxLength={codeLength(typed.number)}
          format={(input) => digitsOf(input.value)}
        />
      </div>
      <Field
        {...shared}
        field="holderName"
        label={t('name')}
        autocomplete="cc-name"
        inputMode="text"
        maxLength={64}
        format={(input) => input.value}
      />
    </>
  )
}

/** Groups the digits as on the card, and keeps the caret behind the digit that was typed. */
function regroup(input: HTMLInputElement): string {
  const before = digitsOf(input.value.slice(0, input.selectionStart ?? input.value.length)).length
  const grouped = groupNumber(input.value)
  const caret = caretAfter(grouped, before)
  input.value = grouped
  input.setSelectionRange(caret, caret)
  return grouped
}
