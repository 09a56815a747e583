import { useState, type ReactNode } from 'react'
import { useAction } from '../../shared/api/queries.ts'
import { FormDialog } from '../../shared/components/dialog.tsx'
import { SelectField } from '../../shared/components/field.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { DaysField, daysOf } from './create-dialog.tsx'
import type { KeyRow } from './key-table.tsx'
import { TEXTS } from './texts.ts'

/** Seconds for which the old key goes on. */
const OVERLAPS = ['0', '3600', '86400', '604800'] as const

/** Replaces a key; `onMade` gets the new one's text this once. */
export function RollDialog(props: {
  readonly row: KeyRow
  readonly onClose: () => void
  readonly onMade: (made: { readonly key: string; readonly kind: KeyRow['kind'] }) => void
}): ReactNode {
  const { row, onClose, onMade } = props
  const t = useTexts(TEXTS)
  const [overlap, setOverlap] = useState('86400')
  const [days, setDays] = useState('90')
  const [tried, setTried] = useState(false)
  const { run, busy, failure } = useAction('POST /dashboard-api/api-keys/{apiKeyId}/roll')
  const expiresInDays = daysOf(days)
  const submit = async (): Promise<void> => {
    setTried(true)
    if (expiresInDays === undefined) return
    const made = await run({
      params: { apiKeyId: row.apiKeyId },
      body: { overlapS: Number(overlap), expiresInDays },
    })
    if (made) onMade(made)
  }
  return (
    <FormDialog
      title={t('rollTitle', { name: row.name })}
      open
      onClose={onClose}
      action={t('roll')}
      busy={busy}
      failure={failure}
      onSubmit={() => void submit()}
    >
      <p>{t('rollText')}</p>
      <SelectField
        label={t('overlap')}
        value={overlap}
        onValue={setOverlap}
        options={OVERLAPS.map((value) => ({ value, label: t(`overlap-${value}`) }))}
      />
      <DaysField value={days} onValue={setDays} wrong={tried && expiresInDays === undefined} />
    </FormDialog>
  )
}
