import { useState, type ReactNode } from 'react'
import { WORDS } from '../texts/words.ts'
import { useTexts } from '../texts/language.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'
import { Dialog } from './dialog.tsx'
import { CheckField } from './field.tsx'

/** Shows a secret this once: a key, a signing secret, recovery codes (one a line). It closes only when it is said to be stored. */
export function SecretOnce(props: {
  readonly title: string
  readonly secret: string | undefined
  readonly onStored: () => void
  readonly children?: ReactNode
}): ReactNode {
  const { title, secret, onStored, children } = props
  const t = useTexts(WORDS)
  const [stored, setStored] = useState(false)
  return (
    <Dialog title={title} open={secret !== undefined} onClose={() => undefined} dismissible={false}>
      <div className="form">
        {children}
        <p className="warning">{t('shownOnce')}</p>
        <pre className="secret" tabIndex={0} aria-label={title}>
          {secret}
        </pre>
        <div>
          <CopyButton text={secret ?? ''} what={title} />
        </div>
        <CheckField label={t('stored')} checked={stored} onChecked={setStored} />
        <footer className="dialog-actions">
          <Button
            tone="primary"
            disabled={!stored}
            onClick={() => {
              setStored(false)
              onStored()
            }}
          >
            {t('close')}
          </Button>
        </footer>
      </div>
    </Dialog>
  )
}
