import { useState, type ReactNode } from 'react'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { FormDialog } from '../../shared/components/dialog.tsx'
import { SelectField } from '../../shared/components/field.tsx'
import { SecretOnce } from '../../shared/components/secret-once.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { ENDPOINT_TEXTS } from './texts.ts'

/** How long the old secret lives on, in seconds; the gateway takes 7 days at most. */
const OVERLAPS = ['0', '3600', '86400', '259200', '604800'] as const

/** Makes a new signing secret, and shows it this once. */
export function RotateSecret(): ReactNode {
  const e = useTexts(ENDPOINT_TEXTS)
  const [open, setOpen] = useState(false)
  const [overlap, setOverlap] = useState<string>('86400')
  const [secret, setSecret] = useState<string>()
  const { run, busy, failure, reset } = useAction('POST /dashboard-api/notification-secrets/rotate')
  const rotate = async (): Promise<void> => {
    const made = await run({ body: { overlapS: Number(overlap) } })
    if (!made) return
    setOpen(false)
    setSecret(made.secret)
  }
  return (
    <>
      <Button
        small
        onClick={() => {
          reset()
          setOpen(true)
        }}
      >
        {e('rotate')}
      </Button>
      <FormDialog
        title={e('rotate')}
        open={open}
        onClose={() => setOpen(false)}
        action={e('rotate')}
        busy={busy}
        failure={failure}
        onSubmit={() => void rotate()}
      >
        <p>{e('rotateText')}</p>
        <SelectField
          label={e('overlap')}
          value={overlap}
          onValue={setOverlap}
          options={OVERLAPS.map((value) => ({ value, label: e(`overlap-${value}`) }))}
        />
      </FormDialog>
      <SecretOnce title={e('newSecret')} secret={secret} onStored={() => setSecret(undefined)}>
        <p>{e('newSecretText')}</p>
      </SecretOnce>
    </>
  )
}
