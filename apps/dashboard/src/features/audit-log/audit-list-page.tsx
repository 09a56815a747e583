import { useState, type ReactNode } from 'react'
import { downloadUrl, type Input } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { Page } from '../../shared/components/page.tsx'
import { PagedList } from '../../shared/components/paged-list.tsx'
import { endOfDay, startOfDay } from '../../shared/format/days.ts'
import { useFilters, type SearchTexts } from '../../shared/search-params.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { useAuditColumns } from './audit-columns.tsx'
import { ACTIONS, AuditFilters, cleanId, FILTERS } from './audit-filters.tsx'
import { TEXTS } from './texts.ts'
import { VerifyDialog } from './verify-dialog.tsx'
import './audit-log.css'

type Query = NonNullable<Input<'GET /dashboard-api/audit-log'>['query']>

const PAGE_SIZE = '25'

/** Who did what, when and from where; and whether the log is as it was written. */
export function AuditListPage(): ReactNode {
  const t = useTexts(TEXTS)
  const state = useFilters()
  const columns = useAuditColumns()
  const [verifying, setVerifying] = useState(false)
  const page = useApi('GET /dashboard-api/audit-log', { query: queryOf(state.filters) }, { keepPrevious: true })
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <a className="button" href={downloadUrl('/dashboard-api/audit-log/export', {})} download>
            {t('export')}
          </a>
          <Button onClick={() => setVerifying(true)}>{t('verify')}</Button>
        </>
      }
    >
      <AuditFilters state={state} />
      <PagedList
        caption={t('title')}
        state={state}
        page={page}
        columns={columns}
        rowKey={({ auditId }) => auditId}
        filters={FILTERS}
        none={{ title: t('none'), text: <p>{t('noneText')}</p> }}
        noneYet={{ title: t('noneYet'), text: <p>{t('noneYetText')}</p> }}
      />
      {verifying ? <VerifyDialog onClose={() => setVerifying(false)} /> : null}
    </Page>
  )
}

function queryOf({ actor, action, target, from, to, after }: SearchTexts): Query {
  return {
    limit: PAGE_SIZE,
    startingAfter: after,
    actor: actor === undefined ? undefined : cleanId(actor),
    action: ACTIONS.find((each) => each === action),
    target: target === undefined ? undefined : cleanId(target),
    from: startOfDay(from),
    to: endOfDay(to),
  }
}
