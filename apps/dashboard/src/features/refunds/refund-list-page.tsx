import { Link } from '@tanstack/react-router'
import { CURRENCIES } from '@ucanpay/wire/currencies'
import { REFUND_STATUSES } from '@ucanpay/wire/statuses'
import type { ReactNode } from 'react'
import type { Data, Input } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { RefundBadge, STATUS_TEXTS } from '../../shared/components/badge.tsx'
import { DayFilter, FilterBar, SelectFilter } from '../../shared/components/filters.tsx'
import { Page } from '../../shared/components/page.tsx'
import { PagedList } from '../../shared/components/paged-list.tsx'
import type { Column } from '../../shared/components/table.tsx'
import { Money, Time } from '../../shared/components/values.tsx'
import { endOfDay, startOfDay } from '../../shared/format/days.ts'
import { useFilters, type FilterState, type SearchTexts } from '../../shared/search-params.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { TEXTS } from './texts.ts'

type RefundRow = Data<'GET /dashboard-api/refunds'>['items'][number]
type Query = NonNullable<Input<'GET /dashboard-api/refunds'>['query']>

const FILTERS = ['status', 'currency', 'from', 'to']
const PAGE_SIZE = '25'

/** Every refund, newest first; each leads to its payment. */
export function RefundListPage(): ReactNode {
  const t = useTexts(TEXTS)
  const state = useFilters()
  const query = queryOf(state.filters)
  const page = useApi('GET /dashboard-api/refunds', { query }, { keepPrevious: true })
  const columns = useColumns()
  return (
    <Page title={t('title')}>
      <RefundFilters state={state} />
      <PagedList
        caption={t('title')}
        state={state}
        page={page}
        columns={columns}
        rowKey={({ ucpRefundNo }) => ucpRefundNo}
        filters={FILTERS}
        none={{ title: t('none'), text: <p>{t('noneText')}</p> }}
        noneYet={{
          title: t('noneYet'),
          text: (
            <>
              <p>{t('noneYetText')}</p>
              <Link to="/payments">{t('toPayments')}</Link>
            </>
          ),
        }}
      />
    </Page>
  )
}

function queryOf({ status, currency, from, to, after }: SearchTexts): Query {
  return {
    limit: PAGE_SIZE,
    startingAfter: after,
    status: REFUND_STATUSES.find((each) => each === status),
    currency: CURRENCIES.find((each) => each === currency),
    from: startOfDay(from),
    to: endOfDay(to),
  }
}

function RefundFilters({ state }: { readonly state: FilterState }): ReactNode {
  const w = useTexts(WORDS)
  const s = useTexts(STATUS_TEXTS)
  return (
    <FilterBar state={state} names={FILTERS}>
      <SelectFilter
        state={state}
        name="status"
        label={w('status')}
        options={REFUND_STATUSES.map((value) => ({ value, label: s(`refund-${value}`) }))}
      />
      <SelectFilter
        state={state}
        name="currency"
        label={w('currency')}
        options={CURRENCIES.map((value) => ({ value, label: value }))}
      />
      <DayFilter state={state} name="from" label={w('from')} />
      <DayFilter state={state} name="to" label={w('to')} />
    </FilterBar>
  )
}

function useColumns(): readonly Column<RefundRow>[] {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  return [
    {
      key: 'amount',
      title: t('amount'),
      lead: true,
      cell: ({ ucpOrderNo, refundAmt, currency }) => (
        <Link to="/payments/$ucpOrderNo" params={{ ucpOrderNo }} className="row-link">
          <Money amount={refundAmt} currency={currency} />
        </Link>
      ),
    },
    { key: 'status', title: w('status'), cell: ({ refundStatus }) => <RefundBadge status={refundStatus} /> },
    { key: 'why', title: t('why'), cell: ({ refundDesc }) => <span>{refundDesc}</span> },
    { key: 'payment', title: t('payment'), cell: ({ outTradeNo }) => <code>{outTradeNo}</code> },
    { key: 'number', title: t('number'), cell: ({ outRefundNo }) => <code>{outRefundNo}</code> },
    { key: 'accepted', title: t('accepted'), align: 'end', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      key: 'back',
      title: t('back'),
      align: 'end',
      cell: ({ refundSuccessTime }) => (refundSuccessTime === undefined ? '–' : <Time at={refundSuccessTime} />),
    },
  ]
}
