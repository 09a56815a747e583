import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Badge, type Tone } from '../../shared/components/badge.tsx'
import { Section } from '../../shared/components/page.tsx'
import { localeOf, useLanguage, useTexts } from '../../shared/texts/language.ts'
import type { HomeData } from './figures.ts'
import { EVIDENCE_TEXTS, evidenceKey, PRACTICE_TEXTS, practiceKey, WHERE_TO_ACT } from './practice-texts.ts'
import { TEXTS } from './texts.ts'

type Practice = HomeData['practices'][number]

const TONES: Readonly<Record<Practice['state'], Tone>> = { held: 'good', attention: 'bad', yours: 'look' }
/** What wants attention comes first. */
const ORDER: readonly Practice['state'][] = ['attention', 'yours', 'held']

/** The checklist of UCanPay's 14 practices: their state, what was looked at, and where one acts. */
export function Practices({ practices }: { readonly practices: readonly Practice[] }): ReactNode {
  const t = useTexts(TEXTS)
  const held = practices.filter(({ state }) => state === 'held').length
  const sorted = [...practices].sort(
    (one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state) || one.practice - other.practice,
  )
  return (
    <Section
      title={t('practices')}
      actions={<span className="soft small">{t('practicesHeld', { held, n: practices.length })}</span>}
    >
      <p className="soft">{t('practicesText')}</p>
      <ul className="home-practices">
        {sorted.map((practice) => (
          <PracticeLine key={practice.practice} of={practice} />
        ))}
      </ul>
    </Section>
  )
}

function PracticeLine({ of }: { readonly of: Practice }): ReactNode {
  const t = useTexts(TEXTS)
  const p = useTexts(PRACTICE_TEXTS)
  const { practice, state, count } = of
  const to = WHERE_TO_ACT[practice]
  const key = practiceKey(practice)
  const name = key ? p(key) : ''
  return (
    <li>
      <Badge tone={TONES[state]}>{t(state, { n: count })}</Badge>
      <div>
        <p>
          <strong>
            {practice}. {name}
          </strong>
        </p>
        <Evidence of={of} />
      </div>
      {to ? (
        <Link to={to} className="small">
          {t(state === 'attention' ? 'act' : 'look')}
          <span className="hidden"> {name}</span>
        </Link>
      ) : null}
    </li>
  )
}

function Evidence({ of: { practice, figures, evidence } }: { readonly of: Practice }): ReactNode {
  const t = useTexts(EVIDENCE_TEXTS)
  const language = useLanguage()
  const key = evidenceKey(practice, figures)
  if (!key)
    return (
      <p className="soft small" lang="en">
        {evidence}
      </p>
    )
  const at = figures['sealedUntil']
  const format = new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeStyle: 'short' })
  const values = at === undefined ? figures : { ...figures, sealedUntil: format.format(new Date(at)) }
  return <p className="soft small">{t(key, values)}</p>
}
