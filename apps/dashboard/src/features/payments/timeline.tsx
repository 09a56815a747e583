import type { ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { Money, Time } from '../../shared/components/values.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { EVENT_TEXTS, TEXTS } from './texts.ts'

type Entry = Data<'GET /dashboard-api/payments/{ucpOrderNo}'>['timeline'][number]

const BAD: readonly Entry['kind'][] = ['attempt-refused', 'refund-failed', 'notification-refused']
const GOOD: readonly Entry['kind'][] = ['attempt-succeeded', 'captured', 'refund-succeeded', 'notified']

/** Everything that happened to a payment, oldest first. */
export function Timeline({
  entries,
  currency,
}: {
  readonly entries: readonly Entry[]
  readonly currency: string
}): ReactNode {
  const t = useTexts(TEXTS)
  const e = useTexts(EVENT_TEXTS)
  return (
    <ol className="timeline">
      {entries.map((entry, index) => (
        <li key={index} className={toneOf(entry.kind)}>
          <p>
            <strong>{e(entry.kind, { action: entry.action ?? '' })}</strong>
            {entry.amount === undefined ? null : (
              <>
                {' '}
                <Money amount={entry.amount} currency={currency} />
              </>
            )}
            {entry.reason === undefined ? null : <code className="timeline-reason">{entry.reason}</code>}
          </p>
          <p className="timeline-when">
            <Time at={entry.at} detail="full" />
            {entry.actor === undefined ? null : <span> {t('by', { actor: entry.actor })}</span>}
            {entry.ref === undefined ? null : <code> {entry.ref}</code>}
          </p>
        </li>
      ))}
    </ol>
  )
}

function toneOf(kind: Entry['kind']): string {
  if (BAD.includes(kind)) return 'bad'
  return GOOD.includes(kind) ? 'good' : ''
}
