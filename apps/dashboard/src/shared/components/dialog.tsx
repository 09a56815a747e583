import { Dialog as AriakitDialog, DialogDismiss, DialogHeading } from '@ariakit/react/dialog'
import type { ReactNode } from 'react'
import { asFailure } from '../api/failure.ts'
import { WORDS } from '../texts/words.ts'
import { useTexts } from '../texts/language.ts'
import { Button } from './button.tsx'
import { FailureNote } from './states.tsx'

/** A dialog over the page: the focus goes in, stays in, and comes back. Escape and a press outside close it. */
export function Dialog(props: {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  /** False: only its buttons close it, e.g. where a secret would be lost. */
  readonly dismissible?: boolean
  readonly wide?: boolean
}): ReactNode {
  const { title, open, onClose, children, dismissible = true, wide = false } = props
  const t = useTexts(WORDS)
  return (
    <AriakitDialog
      open={open}
      onClose={onClose}
      unmountOnHide
      hideOnEscape={dismissible}
      hideOnInteractOutside={dismissible}
      className={wide ? 'dialog wide' : 'dialog'}
      backdrop={<div className="backdrop" />}
    >
      <DialogHeading className="dialog-title">{title}</DialogHeading>
      {children}
      {/* Last, so that the focus begins at what the dialog is about. */}
      {dismissible ? <DialogDismiss className="button quiet small dialog-dismiss" aria-label={t('close')} /> : null}
    </AriakitDialog>
  )
}

/** A dialog with a form: fields, the failure of the last try, and its two buttons. */
export function FormDialog(props: {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  readonly action: string
  readonly tone?: 'primary' | 'danger'
  readonly busy: boolean
  readonly failure: unknown
  readonly onSubmit: () => void
}): ReactNode {
  const { title, open, onClose, children, action, tone = 'primary', busy, failure, onSubmit } = props
  const t = useTexts(WORDS)
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) onSubmit()
        }}
      >
        {children}
        {failure ? <FailureNote failure={asFailure(failure)} /> : null}
        <footer className="dialog-actions">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone={tone} busy={busy}>
            {action}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

/** Asks once more before something that cannot be undone. `children` say what will happen. */
export function ConfirmDialog(props: {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  readonly action: string
  readonly busy: boolean
  readonly failure: unknown
  readonly onConfirm: () => void
  /** `danger` where absent. */
  readonly tone?: 'primary' | 'danger'
}): ReactNode {
  const { onConfirm, tone = 'danger', ...rest } = props
  return <FormDialog {...rest} tone={tone} onSubmit={onConfirm} />
}
