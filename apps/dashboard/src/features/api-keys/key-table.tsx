import type { ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { Badge, type Tone } from '../../shared/components/badge.tsx'
import { Button } from '../../shared/components/button.tsx'
import { Table, type Column } from '../../shared/components/table.tsx'
import { Time } from '../../shared/components/values.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useNow } from '../../shared/now.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { ageOf, endOf, OLD_AFTER_DAYS } from './key-age.ts'
import { TEXTS } from './texts.ts'

export type KeyRow = Data<'GET /dashboard-api/api-keys'>['items'][number]

const TONES: Readonly<Record<KeyRow['status'], Tone>> = { active: 'good', expired: 'off', revoked: 'off' }

/** The keys, each with its age, its end and its last use; what wants replacing says so. */
export function KeyTable(props: {
  readonly rows: readonly KeyRow[] | undefined
  readonly stale: boolean
  readonly onRoll: (row: KeyRow) => void
  readonly onRevoke: (row: KeyRow) => void
}): ReactNode {
  const { rows, stale, onRoll, onRevoke } = props
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const { may } = useSession()
  const columns: readonly Column<KeyRow>[] = [
    { key: 'name', title: t('name'), lead: true, cell: (row) => <NameCell row={row} /> },
    { key: 'scopes', title: t('scopes'), cell: (row) => <ScopesCell row={row} /> },
    { key: 'age', title: t('age'), cell: (row) => <AgeCell row={row} /> },
    { key: 'expires', title: t('expires'), cell: (row) => <EndCell row={row} /> },
    { key: 'use', title: t('lastUse'), cell: (row) => <UseCell row={row} /> },
    { key: 'status', title: w('status'), cell: (row) => <StatusCell row={row} /> },
  ]
  const acts: Column<KeyRow> = {
    key: 'acts',
    title: t('actions'),
    align: 'end',
    cell: (row) =>
      row.status !== 'active' ? null : (
        <span className="keys-acts">
          {row.rolledInto === undefined ? (
            <Button small onClick={() => onRoll(row)}>
              {t('roll')}
              <span className="hidden"> {row.name}</span>
            </Button>
          ) : null}
          <Button small tone="danger" onClick={() => onRevoke(row)}>
            {t('revoke')}
            <span className="hidden"> {row.name}</span>
          </Button>
        </span>
      ),
  }
  return (
    <div className="list">
      <Table
        caption={t('title')}
        columns={may('keys:write') ? [...columns, acts] : columns}
        rows={rows}
        rowKey={({ apiKeyId }) => apiKeyId}
        stale={stale}
        skeletonRows={4}
      />
    </div>
  )
}

function NameCell({ row }: { readonly row: KeyRow }): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <span className="keys-name">
      <strong>{row.name}</strong>
      <span className="soft small">
        {t(row.kind)}{' '}
        <code>
          ucp_{row.kind}_{row.mode}_…
        </code>
      </span>
    </span>
  )
}

function ScopesCell({ row }: { readonly row: KeyRow }): ReactNode {
  const t = useTexts(TEXTS)
  const { kind, scopes, ipAllowList } = row
  return (
    <span className="keys-scopes">
      {kind === 'rk' ? (
        scopes.map((scope) => <code key={scope}>{scope}</code>)
      ) : (
        <span>{t(kind === 'sk' ? 'everything' : 'checkoutOnly')}</span>
      )}
      {ipAllowList.length > 0 ? (
        <span className="soft small">{t('onlyFrom', { addresses: ipAllowList.join(', ') })}</span>
      ) : null}
    </span>
  )
}

function AgeCell({ row }: { readonly row: KeyRow }): ReactNode {
  const t = useTexts(TEXTS)
  const { days, old } = ageOf(row.createdAt, useNow())
  // What is on its way out needs no warning any more.
  const warned = old && row.status === 'active' && row.rolledInto === undefined
  return (
    <span className="keys-lines">
      <span>{days === 0 ? t('today') : t('days', { n: days })}</span>
      {warned ? <Badge tone="wait">{t('old', { n: OLD_AFTER_DAYS })}</Badge> : null}
    </span>
  )
}

function EndCell({ row }: { readonly row: KeyRow }): ReactNode {
  const t = useTexts(TEXTS)
  const end = endOf(row.expiresAt, useNow())
  if (!end || row.expiresAt === undefined) return t('noEnd')
  const warned = end.soon && row.status === 'active' && row.rolledInto === undefined
  return (
    <span className="keys-lines">
      <Time at={row.expiresAt} />
      {warned ? <Badge tone="bad">{t('soon', { n: end.days })}</Badge> : null}
    </span>
  )
}

function UseCell({ row }: { readonly row: KeyRow }): ReactNode {
  const t = useTexts(TEXTS)
  const { lastUsedAt, lastUsedIp, lastUsedAgent } = row
  if (lastUsedAt === undefined) return <span className="soft">{t('neverUsed')}</span>
  return (
    <span className="keys-lines">
      <Time at={lastUsedAt} />
      <span className="soft small">
        {lastUsedIp} {lastUsedAgent === undefined ? '' : `· ${lastUsedAgent}`}
      </span>
    </span>
  )
}

function StatusCell({ row }: { readonly row: KeyRow }): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <span className="keys-lines">
      <Badge tone={TONES[row.status]}>{t(row.status)}</Badge>
      {row.rolledInto === undefined ? null : <span className="soft small">{t('rolled')}</span>}
    </span>
  )
}
