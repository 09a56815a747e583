import { Link } from '@tanstack/react-router'
import { CURRENCIES } from '@ucanpay/wire/currencies'
import { TRADE_STATUSES } from '@ucanpay/wire/statuses'
import type { ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { STATUS_TEXTS, TradeBadge } from '../../shared/components/badge.tsx'
import { Button } from '../../shared/components/button.tsx'
import { DayFilter, FilterBar, SearchFilter, SelectFilter } from '../../shared/components/filters.tsx'
import { Page } from '../../shared/components/page.tsx'
import { PagedList } from '../../shared/components/paged-list.tsx'
import type { Column } from '../../shared/components/table.tsx'
import { Money, Time } from '../../shared/components/values.tsx'
import { formatMoney } from '../../shared/format/money.ts'
import { useFilters, type FilterState } from '../../shared/search-params.ts'
import { useLanguage, useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { useWarmUp } from '../../shared/warm-up.ts'
import { Card } from './card.tsx'
import { cleanNumber, CODE_ID, queryOf, SORTS } from './question.ts'
import { TEXTS } from './texts.ts'
import { useArrivals } from './use-arrivals.ts'
import './payments.css'

type PaymentRow = Data<'GET /dashboard-api/payments'>['items'][number]

/** Whoever looks at the list goes on to one of its rows. */
const loadPaymentPage = (): Promise<unknown> => import('./payment-page.tsx')

const FILTERS = ['q', 'status', 'currency', 'codeId', 'from', 'to']

/** Every payment: searched, filtered, sorted, and new ones as they come. */
export function PaymentListPage(): ReactNode {
  const t = useTexts(TEXTS)
  const state = useFilters()
  const query = queryOf(state.filters)
  const page = useApi('GET /dashboard-api/payments', { query }, { keepPrevious: true })
  const arrivals = useArrivals(query)
  const columns = useColumns()
  useWarmUp(loadPaymentPage)
  return (
    <Page
      title={t('title')}
      actions={
        arrivals.count > 0 ? (
          <Button className="arrivals" onClick={arrivals.show}>
            {t('arrived', { n: arrivals.count })}
          </Button>
        ) : null
      }
    >
      <PaymentFilters state={state} />
      <PagedList
        caption={t('title')}
        state={state}
        page={page}
        columns={columns}
        rowKey={({ ucpOrderNo }) => ucpOrderNo}
        filters={FILTERS}
        none={{ title: t('none'), text: t('noneText') }}
        noneYet={{ title: t('noneYet'), text: t('noneYetText') }}
        highlight={({ ucpOrderNo }) => arrivals.shown.has(ucpOrderNo)}
      />
    </Page>
  )
}

function PaymentFilters({ state }: { readonly state: FilterState }): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const s = useTexts(STATUS_TEXTS)
  return (
    <FilterBar state={state} names={FILTERS}>
      <SearchFilter state={state} name="q" label={t('search')} placeholder={t('searchHint')} clean={cleanNumber} />
      <SelectFilter
        state={state}
        name="status"
        label={w('status')}
        options={TRADE_STATUSES.map((value) => ({ value, label: s(value) }))}
      />
      <SelectFilter
        state={state}
        name="currency"
        label={w('currency')}
        options={CURRENCIES.map((value) => ({ value, label: value }))}
      />
      <CodeFilter state={state} />
      <DayFilter state={state} name="from" label={w('from')} />
      <DayFilter state={state} name="to" label={w('to')} />
      <SelectFilter
        state={state}
        name="sort"
        label={t('sort')}
        none={t('newest')}
        options={SORTS.map((value) => ({ value, label: t(value) }))}
      />
    </FilterBar>
  )
}

/** Which printed code was paid by: only where somebody came from the code's own page. */
function CodeFilter({ state }: { readonly state: FilterState }): ReactNode {
  const t = useTexts(TEXTS)
  const { codeId = '' } = state.filters
  const wanted = CODE_ID.test(codeId)
  const { data } = useApi('GET /dashboard-api/static-codes/{codeId}', { params: { codeId } }, { enabled: wanted })
  if (!wanted) return null
  return (
    <SelectFilter
      state={state}
      name="codeId"
      label={t('code')}
      options={[{ value: codeId, label: data?.name ?? codeId }]}
    />
  )
}

function useColumns(): readonly Column<PaymentRow>[] {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  return [
    {
      key: 'amount',
      title: t('amount'),
      lead: true,
      cell: (row) => (
        <Link to="/payments/$ucpOrderNo" params={{ ucpOrderNo: row.ucpOrderNo }} className="row-link">
          <Money amount={row.totalAmt} currency={row.currency} />
        </Link>
      ),
    },
    { key: 'status', title: w('status'), beside: true, cell: (row) => <StatusCell row={row} /> },
    { key: 'what', title: t('what'), cell: ({ subject }) => <span className="payments-subject">{subject}</span> },
    { key: 'number', title: t('number'), cell: ({ outTradeNo }) => <code className="nowrap">{outTradeNo}</code> },
    {
      key: 'card',
      title: t('card'),
      cell: ({ brand, last4 }) => <Card brand={brand} last4={last4} />,
    },
    { key: 'placed', title: t('placed'), align: 'end', cell: ({ tranTime }) => <Time at={tranTime} /> },
  ]
}

function StatusCell({ row }: { readonly row: PaymentRow }): ReactNode {
  const t = useTexts(TEXTS)
  const language = useLanguage()
  const { tradeStatus, totalRefundAmt, currency } = row
  return (
    <span>
      <TradeBadge status={tradeStatus} />
      {totalRefundAmt > 0 ? (
        <span className="payments-refunded">
          {t('refundedOf', { amount: formatMoney(totalRefundAmt, currency, language) })}
        </span>
      ) : null}
    </span>
  )
}
