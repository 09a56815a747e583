import { lazy, Suspense, useState, type ReactNode } from 'react'
import { asFailure } from '../api/failure.ts'
import { WORDS } from '../texts/words.ts'
import { useTexts } from '../texts/language.ts'
import { Button } from './button.tsx'
import type { DialogProps, OpenDialog as OpenDialogComponent } from './open-dialog.tsx'
import { FailureNote } from './states.tsx'

/** Loads what dialogs are made of. The shell does so when its page stands, so that the first one opens at once. */
export const loadDialogs = (): Promise<{ default: typeof OpenDialogComponent }> =>
  import('./open-dialog.tsx').then((module) => ({ default: module.OpenDialog }))
const OpenDialog = lazy(loadDialogs)

/** A dialog over the page: the focus goes in, stays in, and comes back. Escape and a press outside close it. */
export function Dialog(props: DialogProps): ReactNode {
  const [used, setUsed] = useState(props.open)
  // It stays once it was open: closing it brings the focus back.
  if (props.open && !used) setUsed(true)
  return used ? (
    <Suspense>
      <OpenDialog {...props} />
    </Suspense>
  ) : null
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
