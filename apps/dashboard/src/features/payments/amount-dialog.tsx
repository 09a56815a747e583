import { useState, type ReactNode } from 'react'
import { FormDialog } from '../../shared/components/dialog.tsx'
import { TextField } from '../../shared/components/field.tsx'
import { formatMoney, majorUnits, parseAmount } from '../../shared/format/money.ts'
import { useLanguage, useTexts } from '../../shared/texts/language.ts'
import { TEXTS } from './texts.ts'

interface AmountDialogProps {
  readonly title: string
  readonly text?: string
  readonly action: string
  /** Minor units. */
  readonly most: number
  readonly currency: string
  readonly withReason?: boolean
  readonly busy: boolean
  readonly failure: unknown
  readonly onClose: () => void
  /** Gets minor units, from 1 to `most`. */
  readonly onSubmit: (amount: number, reason: string) => void
}

/** Asks for an amount in major units, all of it to start with, and for a reason where one is due. */
export function AmountDialog(props: AmountDialogProps): ReactNode {
  const { title, text, action, most, currency, withReason = false, busy, failure, onClose, onSubmit } = props
  const t = useTexts(TEXTS)
  const language = useLanguage()
  const [typed, setTyped] = useState(majorUnits(most, currency))
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const amount = parseAmount(typed, currency)
  const amountFits = amount !== undefined && amount <= most
  const reasonFits = !withReason || reason.trim() !== ''
  const whole = formatMoney(most, currency, language)
  return (
    <FormDialog
      title={title}
      action={action}
      tone="primary"
      open
      busy={busy}
      failure={failure}
      onClose={onClose}
      onSubmit={() => {
        setTried(true)
        if (amountFits && reasonFits) onSubmit(amount, reason.trim())
      }}
    >
      {text === undefined ? null : <p>{text}</p>}
      <TextField
        label={t('refundAmount', { currency })}
        hint={t('refundHint', { amount: whole })}
        error={
          tried && !amountFits ? t('amountWrong', { amount: whole, example: majorUnits(most, currency) }) : undefined
        }
        value={typed}
        onValue={setTyped}
        inputMode="decimal"
        autoComplete="off"
      />
      {withReason ? (
        <TextField
          label={t('refundWhy')}
          hint={t('refundWhyHint')}
          error={tried && !reasonFits ? t('whyMissing') : undefined}
          value={reason}
          onValue={setReason}
          maxLength={64}
          autoComplete="off"
        />
      ) : null}
    </FormDialog>
  )
}
