import type { ReactNode } from 'react'
import { WORDS } from '../texts/words.ts'
import { useTexts } from '../texts/language.ts'

/** A column: its title, and what a row shows in it. */
export interface Column<Row> {
  readonly key: string
  readonly title: string
  readonly cell: (row: Row) => ReactNode
  /** Amounts and counts stand at the end of their column. */
  readonly align?: 'end'
  /** On a phone, where a row is a card, this one is its first line. */
  readonly lead?: boolean
  /** On a phone it stands beside the lead, without its title. */
  readonly beside?: boolean
}

interface TableProps<Row> {
  /** Said by screen readers; not shown. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  /** Undefined while they are on their way: skeleton rows stand in. */
  readonly rows: readonly Row[] | undefined
  readonly rowKey: (row: Row) => string
  /** Rows that deserve a second look for a moment, e.g. new ones. */
  readonly highlight?: (row: Row) => boolean
  /** True while the rows of the page before are still shown. */
  readonly stale?: boolean
  readonly skeletonRows?: number
}

/**
 * A table that turns into cards on a phone. A `<Link className="row-link">` in a cell makes its whole row a target.
 * The roles are said again because `display` takes a table's own away.
 */
export function Table<Row>(props: TableProps<Row>): ReactNode {
  const { caption, columns, rows, rowKey, highlight, stale = false, skeletonRows = 10 } = props
  const t = useTexts(WORDS)
  return (
    <table className={stale ? 'table stale' : 'table'} role="table" aria-busy={!rows || stale}>
      <caption className="hidden">{rows ? caption : `${caption}: ${t('loading')}`}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ key, title, align }) => (
            <th key={key} scope="col" role="columnheader" className={align}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows
          ? rows.map((row) => (
              <tr key={rowKey(row)} role="row" className={highlight?.(row) ? 'fresh' : undefined}>
                {columns.map(({ key, title, cell, align, lead, beside }) => (
                  <td
                    key={key}
                    role="cell"
                    data-title={title}
                    className={`${align ?? ''} ${lead ? 'lead' : ''} ${beside ? 'beside' : ''}`}
                  >
                    {cell(row)}
                  </td>
                ))}
              </tr>
            ))
          : Array.from({ length: skeletonRows }, (_row, index) => (
              <tr key={index} aria-hidden="true" className="bones">
                {columns.map(({ key }) => (
                  <td key={key}>
                    <span className="bone" />
                  </td>
                ))}
              </tr>
            ))}
      </tbody>
    </table>
  )
}
