import { useState, type ReactNode } from 'react'
import { useAction } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { TextField } from '../../shared/components/field.tsx'
import { Page, Section } from '../../shared/components/page.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { dayFromToday, endOfDay, startOfDay } from '../../shared/format/days.ts'
import { saveFile } from '../../shared/qr/save-file.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { TEXTS } from './texts.ts'
import './evidence.css'

const LOOK_BACK_DAYS = 90
const LONGEST_MS = 366 * 86_400_000

/** Makes the bundle for auditors. */
export function EvidencePage(): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <Page title={t('title')}>
      <MakeBundle />
      <Section title={t('how')}>
        <p>{t('howText')}</p>
      </Section>
    </Page>
  )
}

function MakeBundle(): ReactNode {
  const t = useTexts(TEXTS)
  const [first, setFirst] = useState(dayFromToday(-LOOK_BACK_DAYS))
  const [last, setLast] = useState(dayFromToday(0))
  const { run, busy, failure } = useAction('POST /dashboard-api/evidence')
  const period = periodOf(first, last)
  const make = async (): Promise<void> => {
    const made = period && (await run({ body: period }))
    if (!made) return
    // The text as it came: what is signed is its very bytes.
    saveFile(`evidence-${last}.json`, new Blob([made.bundle], { type: 'application/json' }))
    notify(t('done'))
  }
  return (
    <Section title={t('make')}>
      <p>{t('lead')}</p>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) void make()
        }}
      >
        <div className="evidence-period">
          <TextField type="date" label={t('from')} value={first} onValue={setFirst} />
          <TextField
            type="date"
            label={t('to')}
            value={last}
            onValue={setLast}
            error={period ? undefined : t('badPeriod')}
          />
        </div>
        {failure ? <FailureNote failure={failure} /> : null}
        <div>
          <Button type="submit" tone="primary" busy={busy}>
            {t('action')}
          </Button>
        </div>
      </form>
    </Section>
  )
}

function periodOf(first: string, last: string): { readonly from: string; readonly to: string } | undefined {
  const [from, to] = [startOfDay(first), endOfDay(last)]
  if (from === undefined || to === undefined) return undefined
  const longMs = Date.parse(to) - Date.parse(from)
  return longMs > 0 && longMs <= LONGEST_MS ? { from, to } : undefined
}
