import { useState, type ReactNode } from 'react'
import { useAction, useApi } from '../../shared/api/queries.ts'
import { ConfirmDialog } from '../../shared/components/dialog.tsx'
import { SelectField, TextField } from '../../shared/components/field.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { dayFromToday, endOfDay, startOfDay } from '../../shared/format/days.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { ENDPOINT_TEXTS } from './texts.ts'

type Status = 'failed' | 'delivered'
interface Range {
  readonly from: string
  readonly to: string
}

/** As many as a list tells of at once; beyond that it says "more than". */
const COUNTED = 100

/** Sends everything of some days again, after saying how much that is. */
export function ResendRangeDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const e = useTexts(ENDPOINT_TEXTS)
  const w = useTexts(WORDS)
  const [from, setFrom] = useState(dayFromToday(0))
  const [to, setTo] = useState(dayFromToday(0))
  const [status, setStatus] = useState<Status>('failed')
  const range = rangeOf(from, to)
  const resend = useResend(status, onClose)
  return (
    <ConfirmDialog
      title={e('range')}
      open
      onClose={onClose}
      action={e('send')}
      tone="primary"
      busy={resend.busy}
      failure={resend.failure}
      onConfirm={() => {
        if (range) void resend.all(range)
      }}
    >
      <p>{e('rangeText')}</p>
      <SelectField
        label={e('which')}
        value={status}
        onValue={(value) => setStatus(value === 'delivered' ? value : 'failed')}
        options={[
          { value: 'failed', label: e('theFailed') },
          { value: 'delivered', label: e('theDelivered') },
        ]}
      />
      <TextField type="date" label={w('from')} value={from} onValue={setFrom} />
      <TextField type="date" label={w('to')} value={to} onValue={setTo} error={range ? undefined : e('badRange')} />
      <p role="status">
        {resend.sent > 0 ? e('soFar', { n: resend.sent }) : range ? <HowMany range={range} status={status} /> : null}
      </p>
    </ConfirmDialog>
  )
}

function rangeOf(first: string, last: string): Range | undefined {
  const from = startOfDay(first)
  const to = endOfDay(last)
  return from !== undefined && to !== undefined && from < to ? { from, to } : undefined
}

function HowMany({ range, status }: { readonly range: Range; readonly status: Status }): ReactNode {
  const e = useTexts(ENDPOINT_TEXTS)
  const query = { ...range, status, limit: String(COUNTED) }
  const { data } = useApi('GET /dashboard-api/notifications', { query })
  if (!data) return e('counting')
  return e(data.hasMore ? 'manyFit' : 'fits', { n: data.items.length })
}

interface Resend {
  /** How many are on their way again while it still goes on. */
  readonly sent: number
  readonly busy: boolean
  readonly failure: unknown
  readonly all: (range: Range) => Promise<void>
}

/**
 * Goes on, 1,000 at a time, while there are failed ones left. Delivered ones are sent in one go: they are delivered
 * again within seconds, and a second go would take the same ones.
 */
function useResend(status: Status, onDone: () => void): Resend {
  const e = useTexts(ENDPOINT_TEXTS)
  const [sent, setSent] = useState(0)
  const [going, setGoing] = useState(false)
  const { run, failure } = useAction('POST /dashboard-api/notifications/resend')
  const all = async (range: Range): Promise<void> => {
    setGoing(true)
    let total = 0
    let answer = await run({ body: { ...range, status } })
    while (answer) {
      total += answer.resent
      setSent(total)
      if (!answer.hasMore || answer.resent === 0 || status === 'delivered') break
      answer = await run({ body: { ...range, status } })
    }
    setGoing(false)
    setSent(0)
    if (!answer) return
    notify(e(answer.hasMore ? 'moreLeft' : 'resent', { n: total }))
    onDone()
  }
  return { sent, busy: going, failure, all }
}
