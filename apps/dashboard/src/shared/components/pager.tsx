import { useState, type ReactNode } from 'react'
import { WORDS } from '../texts/words.ts'
import { useTexts } from '../texts/language.ts'
import { Button } from './button.tsx'

/**
 * Goes through a list by cursor. The cursors of the pages before are remembered while the page is open; where they
 * are not, e.g. after a reload, the way back leads to the first page.
 */
export function Pager(props: {
  readonly after: string | undefined
  /** The id of the last row that is shown. */
  readonly last: string | undefined
  readonly hasMore: boolean
  readonly onGo: (after: string | undefined) => void
}): ReactNode {
  const { after, last, hasMore, onGo } = props
  const t = useTexts(WORDS)
  const [trail, setTrail] = useState<readonly (string | undefined)[]>([])
  if (after === undefined && !hasMore) return null
  return (
    <nav className="pager" aria-label={t('pages')}>
      {after === undefined ? null : (
        <Button
          onClick={() => {
            onGo(trail.at(-1))
            setTrail(trail.slice(0, -1))
          }}
        >
          ← {t('previous')}
        </Button>
      )}
      {hasMore && last !== undefined ? (
        <Button
          className="pager-next"
          onClick={() => {
            setTrail([...trail, after])
            onGo(last)
          }}
        >
          {t('next')} →
        </Button>
      ) : null}
    </nav>
  )
}
