import { useState, type ReactNode } from 'react'
import { useApi } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { Page, Section } from '../../shared/components/page.tsx'
import { Pager } from '../../shared/components/pager.tsx'
import { SecretOnce } from '../../shared/components/secret-once.tsx'
import { EmptyState, ErrorState } from '../../shared/components/states.tsx'
import { useFilters } from '../../shared/search-params.ts'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { CreateDialog } from './create-dialog.tsx'
import { KeyTable, type KeyRow } from './key-table.tsx'
import { RevokeDialog } from './revoke-dialog.tsx'
import { RollDialog } from './roll-dialog.tsx'
import { TEXTS } from './texts.ts'
import './api-keys.css'

const PAGE_SIZE = '50'

/** What is open over the list. */
type Open = { readonly act: 'create' } | { readonly act: 'roll' | 'revoke'; readonly row: KeyRow }

/** A key that was just made, and is shown this once. */
interface Minted {
  readonly key: string
  readonly kind: KeyRow['kind']
}

/** Every API key of the mode, and what can be done with them. */
export function ApiKeysPage(): ReactNode {
  const t = useTexts(TEXTS)
  const { may } = useSession()
  const { filters, goAfter } = useFilters()
  const { after } = filters
  const [open, setOpen] = useState<Open>()
  const [minted, setMinted] = useState<Minted>()
  const { data, error, isPlaceholderData, refetch } = useApi(
    'GET /dashboard-api/api-keys',
    { query: { limit: PAGE_SIZE, startingAfter: after } },
    { keepPrevious: true },
  )
  const done = (made: Minted): void => {
    setOpen(undefined)
    setMinted(made)
  }
  const close = (): void => setOpen(undefined)
  return (
    <Page
      title={t('title')}
      actions={
        may('keys:write') ? (
          <Button tone="primary" onClick={() => setOpen({ act: 'create' })}>
            {t('create')}
          </Button>
        ) : null
      }
    >
      {error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : data?.items.length === 0 ? (
        <EmptyState title={t('none')}>{t('noneText')}</EmptyState>
      ) : (
        <KeyTable
          rows={data?.items}
          stale={isPlaceholderData}
          onRoll={(row) => setOpen({ act: 'roll', row })}
          onRevoke={(row) => setOpen({ act: 'revoke', row })}
        />
      )}
      <Pager after={after} last={data?.items.at(-1)?.apiKeyId} hasMore={data?.hasMore ?? false} onGo={goAfter} />
      <Kinds />
      {open?.act === 'create' ? <CreateDialog onClose={close} onMade={done} /> : null}
      {open?.act === 'roll' ? <RollDialog row={open.row} onClose={close} onMade={done} /> : null}
      {open?.act === 'revoke' ? <RevokeDialog row={open.row} onClose={close} /> : null}
      <SecretOnce title={t('newKey')} secret={minted?.key} onStored={() => setMinted(undefined)}>
        <p>{t(minted?.kind === 'pk' ? 'newKeyPublic' : 'newKeyText')}</p>
      </SecretOnce>
    </Page>
  )
}

function Kinds(): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <Section title={t('kinds')}>
      <dl className="keys-kinds">
        {(['sk', 'rk', 'pk'] as const).map((kind) => (
          <div key={kind}>
            <dt>
              {t(kind)} <code>ucp_{kind}_…</code>
            </dt>
            <dd>{t(`about-${kind}`)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
