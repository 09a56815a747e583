import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import './tabs.css'

/** Leads between the pages of one part of the dashboard; the current one is marked. `label` names them together. */
export function Tabs(props: {
  readonly label: string
  readonly pages: readonly (readonly [to: string, title: string])[]
}): ReactNode {
  const { label, pages } = props
  return (
    <nav className="tabs no-print" aria-label={label}>
      <ul>
        {pages.map(([to, title]) => (
          <li key={to}>
            <Link to={to} activeOptions={{ exact: true, includeSearch: false }} activeProps={{ className: 'current' }}>
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
