import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ApiFailure } from '../api/failure.ts'
import type { FilterState } from '../search-params.ts'
import { Pager } from './pager.tsx'
import { EmptyState, ErrorState } from './states.tsx'
import { Table, type Column } from './table.tsx'

interface PagedListProps<Row> {
  readonly caption: string
  readonly state: FilterState
  /** The page that is shown, as it was read. */
  readonly page: UseQueryResult<{ readonly items: readonly Row[]; readonly hasMore: boolean }, ApiFailure>
  readonly columns: readonly Column<Row>[]
  /** What names a row, and stands as the cursor in the address. */
  readonly rowKey: (row: Row) => string
  /** What is said where there is no row: because of the filters, or because there is none yet. */
  readonly none: EmptyTexts
  readonly noneYet: EmptyTexts
  /** The filters that narrow the list. */
  readonly filters: readonly string[]
  readonly highlight?: (row: Row) => boolean
}

interface EmptyTexts {
  readonly title: string
  readonly text: ReactNode
}

/** A list that is read page by page by cursor: its rows, what stands in their place where there are none, and the pager. */
export function PagedList<Row>(props: PagedListProps<Row>): ReactNode {
  const { state, page, rowKey } = props
  const { data } = page
  const last = data?.items.at(-1)
  return (
    <>
      <Rows {...props} />
      <Pager
        after={state.filters['after']}
        last={last === undefined ? undefined : rowKey(last)}
        hasMore={data?.hasMore ?? false}
        onGo={state.goAfter}
      />
    </>
  )
}

function Rows<Row>(props: PagedListProps<Row>): ReactNode {
  const { caption, state, page, columns, rowKey, filters, highlight } = props
  const { data, error, isPlaceholderData, refetch } = page
  if (error) return <ErrorState failure={error} onRetry={() => void refetch()} />
  if (data?.items.length === 0) {
    const { title, text } = filters.some((name) => state.filters[name] !== undefined) ? props.none : props.noneYet
    return <EmptyState title={title}>{text}</EmptyState>
  }
  return (
    <div className="list">
      <Table
        caption={caption}
        columns={columns}
        rows={data?.items}
        rowKey={rowKey}
        stale={isPlaceholderData}
        {...(highlight ? { highlight } : {})}
      />
    </div>
  )
}
