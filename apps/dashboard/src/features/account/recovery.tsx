import { useState, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { ConfirmDialog } from '../../shared/components/dialog.tsx'
import { Section } from '../../shared/components/page.tsx'
import { SecretOnce } from '../../shared/components/secret-once.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { TEXTS } from './texts.ts'

type Codes = readonly string[]

/** How many recovery codes are left, and new ones in their place. */
export function RecoverySection(props: {
  readonly factors: Data<'GET /dashboard-api/factors'>
  readonly onCodes: (codes: Codes) => void
}): ReactNode {
  const { items, recoveryCodesLeft } = props.factors
  const t = useTexts(TEXTS)
  const [asking, setAsking] = useState(false)
  const { run, busy, failure, reset } = useAction('POST /dashboard-api/recovery-codes')
  const confirm = async (): Promise<void> => {
    const made = await run()
    if (!made) return
    setAsking(false)
    props.onCodes(made.recoveryCodes)
  }
  if (items.length === 0)
    return (
      <Section title={t('recovery')}>
        <p className="soft">{t('codesFirst')}</p>
      </Section>
    )
  return (
    <Section title={t('recovery')} actions={<span>{t('codesLeft', { n: recoveryCodesLeft })}</span>}>
      <p className="soft">{t('recoveryText')}</p>
      <div>
        <Button
          onClick={() => {
            reset()
            setAsking(true)
          }}
        >
          {t('makeCodes')}
        </Button>
      </div>
      <ConfirmDialog
        title={t('makeCodes')}
        open={asking}
        onClose={() => setAsking(false)}
        action={t('makeCodes')}
        tone="primary"
        busy={busy}
        failure={failure}
        onConfirm={() => void confirm()}
      >
        <p>{t('makeCodesText')}</p>
      </ConfirmDialog>
    </Section>
  )
}

/** Shows new codes this once, to be copied or saved. */
export function RecoveryCodes({
  codes,
  onStored,
}: {
  readonly codes: Codes
  readonly onStored: () => void
}): ReactNode {
  const t = useTexts(TEXTS)
  const { email } = useSession()
  const text = codes.join('\n')
  return (
    <SecretOnce title={t('recovery')} secret={codes.length === 0 ? undefined : text} onStored={onStored}>
      <p>{t('recoveryText')}</p>
      <div>
        <Button small onClick={() => save(`${t('codesFile', { email })}\n\n${text}\n`)}>
          {t('download')}
        </Button>
      </div>
    </SecretOnce>
  )
}

/** Saves a text as a file; nothing is sent anywhere. */
function save(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'ucanpay-recovery-codes.txt'
  link.click()
  // The browser has begun to read it by the next turn; the text does not stay in memory.
  setTimeout(() => URL.revokeObjectURL(url))
}
