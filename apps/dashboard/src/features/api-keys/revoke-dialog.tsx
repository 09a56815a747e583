import type { ReactNode } from 'react'
import { useAction } from '../../shared/api/queries.ts'
import { ConfirmDialog } from '../../shared/components/dialog.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { formatTime } from '../../shared/format/time.ts'
import { useLanguage, useTexts } from '../../shared/texts/language.ts'
import type { KeyRow } from './key-table.tsx'
import { TEXTS } from './texts.ts'

/** Asks once more before a key is revoked, and tells when it was last used. */
export function RevokeDialog({ row, onClose }: { readonly row: KeyRow; readonly onClose: () => void }): ReactNode {
  const t = useTexts(TEXTS)
  const language = useLanguage()
  const { run, busy, failure } = useAction('POST /dashboard-api/api-keys/{apiKeyId}/revoke')
  const confirm = async (): Promise<void> => {
    if (!(await run({ params: { apiKeyId: row.apiKeyId } }))) return
    notify(t('revokedDone'))
    onClose()
  }
  return (
    <ConfirmDialog
      title={t('revokeTitle', { name: row.name })}
      open
      onClose={onClose}
      action={t('revoke')}
      busy={busy}
      failure={failure}
      onConfirm={() => void confirm()}
    >
      <p>{t('revokeText')}</p>
      {row.lastUsedAt === undefined ? (
        <p>{t('neverUsed')}.</p>
      ) : (
        <p>{t('revokeUsed', { when: formatTime(row.lastUsedAt, language) })}</p>
      )}
    </ConfirmDialog>
  )
}
