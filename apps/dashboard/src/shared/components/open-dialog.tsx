import { Dialog as AriakitDialog, DialogDismiss, DialogHeading } from '@ariakit/react/dialog'
import type { ReactNode } from 'react'
import { WORDS } from '../texts/words.ts'
import { useTexts } from '../texts/language.ts'

/** What a dialog is about, and how it closes. */
export interface DialogProps {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  /** False: only its buttons close it, e.g. where a secret would be lost. */
  readonly dismissible?: boolean
  readonly wide?: boolean
}

/** What a dialog is made of. It is loaded when the first one opens: see `Dialog`, which pages use. */
export function OpenDialog(props: DialogProps): ReactNode {
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
