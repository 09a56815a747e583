import { useState, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { ConfirmDialog } from '../../shared/components/dialog.tsx'
import { Section } from '../../shared/components/page.tsx'
import { Table, type Column } from '../../shared/components/table.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { Time } from '../../shared/components/values.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { PasskeyDialog } from './passkey-dialog.tsx'
import { TEXTS } from './texts.ts'
import { TotpDialog } from './totp-dialog.tsx'

type FactorRow = Data<'GET /dashboard-api/factors'>['items'][number]

/** One's second factors, to add to and to take from. The first one brings recovery codes, which `onCodes` gets. */
export function Factors(props: {
  readonly factors: readonly FactorRow[]
  readonly onCodes: (codes: readonly string[]) => void
}): ReactNode {
  const { factors, onCodes } = props
  const t = useTexts(TEXTS)
  const [adding, setAdding] = useState<'totp' | 'passkey'>()
  const [removing, setRemoving] = useState<FactorRow>()
  const done = (codes: readonly string[]): void => {
    setAdding(undefined)
    notify(t('factorAdded'))
    onCodes(codes)
  }
  const close = (): void => setAdding(undefined)
  return (
    <Section
      title={t('factors')}
      flush={factors.length > 0}
      actions={
        <span className="account-acts">
          <Button small onClick={() => setAdding('passkey')}>
            {t('addPasskey')}
          </Button>
          <Button small onClick={() => setAdding('totp')}>
            {t('addTotp')}
          </Button>
        </span>
      }
    >
      <p className="soft">{t('factorsText')}</p>
      {factors.length > 0 ? <FactorTable factors={factors} onRemove={setRemoving} /> : null}
      {adding === 'totp' ? <TotpDialog onClose={close} onAdded={done} /> : null}
      {adding === 'passkey' ? <PasskeyDialog onClose={close} onAdded={done} /> : null}
      {removing ? (
        <RemoveDialog factor={removing} last={factors.length === 1} onClose={() => setRemoving(undefined)} />
      ) : null}
    </Section>
  )
}

function FactorTable(props: {
  readonly factors: readonly FactorRow[]
  readonly onRemove: (factor: FactorRow) => void
}): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const columns: readonly Column<FactorRow>[] = [
    {
      key: 'name',
      title: t('name'),
      lead: true,
      cell: ({ name, kind }) => (
        <span>
          <strong>{name}</strong> <span className="soft small">{t(kind)}</span>
        </span>
      ),
    },
    { key: 'added', title: t('added'), cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      key: 'used',
      title: t('lastUsed'),
      cell: ({ lastUsedAt }) => (lastUsedAt === undefined ? w('never') : <Time at={lastUsedAt} />),
    },
    {
      key: 'acts',
      title: t('actions'),
      align: 'end',
      cell: (factor) => (
        <Button small tone="danger" onClick={() => props.onRemove(factor)}>
          {t('remove')}
          <span className="hidden"> {factor.name}</span>
        </Button>
      ),
    },
  ]
  return <Table caption={t('factors')} columns={columns} rows={props.factors} rowKey={({ factorId }) => factorId} />
}

function RemoveDialog(props: {
  readonly factor: FactorRow
  readonly last: boolean
  readonly onClose: () => void
}): ReactNode {
  const { factor, last, onClose } = props
  const t = useTexts(TEXTS)
  const { run, busy, failure } = useAction('POST /dashboard-api/factors/{factorId}/remove')
  const confirm = async (): Promise<void> => {
    if (!(await run({ params: { factorId: factor.factorId } }))) return
    notify(t('removed'))
    onClose()
  }
  return (
    <ConfirmDialog
      title={t('removeTitle', { name: factor.name })}
      open
      onClose={onClose}
      action={t('remove')}
      busy={busy}
      failure={failure}
      onConfirm={() => void confirm()}
    >
      <p>{t('removeText')}</p>
      {last ? <p className="warning">{t('removeLast')}</p> : null}
    </ConfirmDialog>
  )
}
