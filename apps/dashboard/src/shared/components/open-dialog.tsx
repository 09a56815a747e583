import { Dialog as AriakitDialog, DialogDismiss, DialogHeading } from '@ariakit/react/dialog'
import type { ReactNode } from 'react'
import { WORDS } from '../texts/words.ts'
import { useTexts } from '../texts/language.ts'
import type { DialogProps } from './dialog.tsx'

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
