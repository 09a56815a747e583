import { brandOf, type CardBrand } from '@ucanpay/wire/card-number'
import type { JSX } from 'preact'
import { t } from '../../shared/texts.ts'

const NAMES: Readonly<Record<CardBrand, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  amex: 'American Express',
  discover: 'Discover',
  diners: 'Diners Club',
  jcb: 'JCB',
  unionpay: 'UnionPay',
  maestro: 'Maestro',
  other: '',
}

/** The brand of the card, as its number is typed; the brands' own pictures stay with their owners. */
export function BrandMark({ number }: { number: string }): JSX.Element {
  const name = number === '' ? '' : NAMES[brandOf(number)]
  return (
    <output class="brand" aria-live="polite">
      {name === '' ? null : (
        <span class="brand-name">
          <span class="hidden">{t('brand', { brand: name })}</span>
          <span aria-hidden="true">{name}</span>
        </span>
      )}
    </output>
  )
}
