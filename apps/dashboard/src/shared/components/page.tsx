import { useEffect, useRef, type ReactNode } from 'react'

/** A page's frame: its title, also the document's; what can be done on it; and what is on it. */
export function Page(props: {
  readonly title: string
  /** Beside the title, e.g. a status. */
  readonly beside?: ReactNode
  readonly actions?: ReactNode
  /** The way up, above the title. */
  readonly above?: ReactNode
  readonly children: ReactNode
}): ReactNode {
  const { title, beside, actions, above, children } = props
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · UCanPay`
  }, [title])
  useEffect(() => {
    // A new page begins at its title, for the eye and for a screen reader; not where something has the focus already.
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div className="page">
      {above ? <div className="page-above">{above}</div> : null}
      <header className="page-head">
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {beside}
        {actions ? <div className="page-actions">{actions}</div> : null}
      </header>
      {children}
    </div>
  )
}

/** A card of a page, with its own heading. */
export function Section(props: {
  readonly title: string
  readonly actions?: ReactNode
  readonly children: ReactNode
  /** No padding inside: for tables. */
  readonly flush?: boolean
}): ReactNode {
  const { title, actions, children, flush = false } = props
  return (
    <section className={flush ? 'section flush' : 'section'}>
      <header className="section-head">
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  )
}

/** Names and values of one thing. Values that are undefined are left out. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[]
}): ReactNode {
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value === undefined ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
