import { useState, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { ConfirmDialog } from '../../shared/components/dialog.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { AmountDialog } from './amount-dialog.tsx'
import { TEXTS } from './texts.ts'

type Detail = Data<'GET /dashboard-api/payments/{ucpOrderNo}'>
type ActionName = Detail['actions'][number]

/** The buttons for what the gateway says can be done now, by this member; and their dialogs. */
export function PaymentActions({ detail }: { readonly detail: Detail }): ReactNode {
  const t = useTexts(TEXTS)
  const [open, setOpen] = useState<ActionName>()
  const { payment, actions } = detail
  const onClose = (): void => setOpen(undefined)
  return (
    <>
      {actions.map((name) => (
        <Button
          key={name}
          tone={name === 'refund' || name === 'capture' ? 'primary' : 'danger'}
          onClick={() => setOpen(name)}
        >
          {t(name)}
        </Button>
      ))}
      {open === 'refund' ? <RefundDialog payment={payment} onClose={onClose} /> : null}
      {open === 'capture' ? <CaptureDialog payment={payment} onClose={onClose} /> : null}
      {open === 'close' || open === 'reverse' ? <EndDialog name={open} payment={payment} onClose={onClose} /> : null}
    </>
  )
}

interface DialogProps {
  readonly payment: Detail['payment']
  readonly onClose: () => void
}

function RefundDialog({ payment, onClose }: DialogProps): ReactNode {
  const t = useTexts(TEXTS)
  // Made once for the dialog: pressing twice, or again after no answer came, refunds once.
  const [outRefundNo] = useState(() => crypto.randomUUID().replaceAll('-', ''))
  const { run, busy, failure } = useAction('POST /dashboard-api/payments/{ucpOrderNo}/refund')
  const submit = async (refundAmt: number, refundDesc: string): Promise<void> => {
    const { ucpOrderNo } = payment
    if (!(await run({ params: { ucpOrderNo }, body: { refundAmt, refundDesc, outRefundNo } }))) return
    notify(t('refunded'))
    onClose()
  }
  return (
    <AmountDialog
      title={t('refundTitle')}
      action={t('refund')}
      most={payment.refundableAmt}
      currency={payment.currency}
      withReason
      busy={busy}
      failure={failure}
      onClose={onClose}
      onSubmit={(amount, reason) => void submit(amount, reason)}
    />
  )
}

function CaptureDialog({ payment, onClose }: DialogProps): ReactNode {
  const t = useTexts(TEXTS)
  const { run, busy, failure } = useAction('POST /dashboard-api/payments/{ucpOrderNo}/capture')
  const submit = async (captureAmt: number): Promise<void> => {
    if (!(await run({ params: { ucpOrderNo: payment.ucpOrderNo }, body: { captureAmt } }))) return
    notify(t('captured'))
    onClose()
  }
  return (
    <AmountDialog
      title={t('captureTitle')}
      text={t('captureText')}
      action={t('capture')}
      most={payment.totalAmt}
      currency={payment.currency}
      busy={busy}
      failure={failure}
      onClose={onClose}
      onSubmit={(amount) => void submit(amount)}
    />
  )
}

const DONE = { close: 'closed', reverse: 'reversed' } as const

function EndDialog({ name, payment, onClose }: DialogProps & { readonly name: 'close' | 'reverse' }): ReactNode {
  const t = useTexts(TEXTS)
  const { run, busy, failure } = useAction(`POST /dashboard-api/payments/{ucpOrderNo}/${name}`)
  const confirm = async (): Promise<void> => {
    if (!(await run({ params: { ucpOrderNo: payment.ucpOrderNo } }))) return
    notify(t(DONE[name]))
    onClose()
  }
  return (
    <ConfirmDialog
      title={t(`${name}Title`)}
      action={t(name)}
      open
      busy={busy}
      failure={failure}
      onClose={onClose}
      onConfirm={() => void confirm()}
    >
      <p>{t(`${name}Text`)}</p>
    </ConfirmDialog>
  )
}
