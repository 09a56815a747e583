import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { asFailure, type ApiFailure } from '../api/failure.ts'
import { FAILURE_TEXTS, WORDS } from '../texts/words.ts'
import { useTexts } from '../texts/language.ts'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'

function keyOf(failure: ApiFailure): keyof typeof FAILURE_TEXTS {
  if (failure.needs === 'second-factor') return 'secondFactor'
  if (failure.needs === 'reauthentication') return 'reauthentication'
  return failure.msg in FAILURE_TEXTS ? (failure.msg as keyof typeof FAILURE_TEXTS) : 'unexpected'
}

/** A failure beside what failed: what to do, and the request id to copy. `text` where the place knows better words. */
export function FailureNote({
  failure,
  text,
}: {
  readonly failure: ApiFailure
  readonly text?: string | undefined
}): ReactNode {
  const t = useTexts(FAILURE_TEXTS)
  const w = useTexts(WORDS)
  return (
    <div className="failure" role="alert">
      <p>{text ?? t(keyOf(failure))}</p>
      {failure.needs === 'second-factor' ? (
        <p>
          <Link to="/account/security">/account/security</Link>
        </p>
      ) : null}
      {failure.requestId === undefined ? null : (
        <p className="failure-id">
          {w('requestId')} <code>{failure.requestId}</code>{' '}
          <CopyButton text={failure.requestId} what={w('requestId')} />
        </p>
      )}
    </div>
  )
}

/** In place of what could not be loaded. */
export function ErrorState({
  failure,
  onRetry,
}: {
  readonly failure: unknown
  readonly onRetry?: () => void
}): ReactNode {
  const w = useTexts(WORDS)
  return (
    <div className="state">
      <FailureNote failure={asFailure(failure)} />
      {onRetry ? <Button onClick={onRetry}>{w('tryAgain')}</Button> : null}
    </div>
  )
}

/** In place of a list with nothing in it: why that is, and what can be done. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }): ReactNode {
  return (
    <div className="state empty">
      <p className="state-title">{title}</p>
      {children}
    </div>
  )
}

/** Lines in the place of what is on its way, in about its shape. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }): ReactNode {
  const w = useTexts(WORDS)
  return (
    <div className="skeleton" role="status" aria-label={w('loading')}>
      {Array.from({ length: lines }, (_line, index) => (
        <span key={index} className="bone" />
      ))}
    </div>
  )
}
