import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useAction, useApi } from '../../shared/api/queries.ts'
import { Button } from '../../shared/components/button.tsx'
import { FormDialog } from '../../shared/components/dialog.tsx'
import { TextField } from '../../shared/components/field.tsx'
import { Facts, Page, Section } from '../../shared/components/page.tsx'
import { ErrorState, FailureNote, Skeleton } from '../../shared/components/states.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { Code, Time } from '../../shared/components/values.tsx'
import { useSession } from '../../shared/session/session-context.ts'
import { useTexts } from '../../shared/texts/language.ts'
import { TEXTS } from './texts.ts'
import { SHOWN_S, useRevealed } from './use-revealed.ts'
import './customers.css'

type Customer = Data<'GET /dashboard-api/customers/{userId}'>

/** One customer: masked, shown in full on demand, and erased for good on request. */
export function CustomerPage(): ReactNode {
  const t = useTexts(TEXTS)
  const { userId = '' }: { userId?: string } = useParams({ strict: false })
  const { may } = useSession()
  const { data, error, refetch } = useApi('GET /dashboard-api/customers/{userId}', { params: { userId } })
  return (
    <Page title={data?.emailMasked ?? t('one')} above={<Link to="/customers">← {t('up')}</Link>}>
      {error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <div className="section">
          <Skeleton lines={6} />
        </div>
      ) : (
        <>
          <PersonalData key={userId} customer={data} />
          <Section title={t('one')}>
            <Facts
              facts={[
                [t('id'), <Code key="id" text={data.userId} what={t('id')} />],
                [
                  t('reference'),
                  data.reference === undefined ? undefined : (
                    <Code key="reference" text={data.reference} what={t('reference')} />
                  ),
                ],
                [t('language'), data.language],
                [t('made'), <Time key="made" at={data.createdAt} detail="full" />],
                [t('changed'), <Time key="changed" at={data.updatedAt} detail="full" />],
              ]}
            />
          </Section>
          {may('customers:erase') ? <Erasure userId={userId} /> : null}
        </>
      )}
    </Page>
  )
}

function PersonalData({ customer }: { readonly customer: Customer }): ReactNode {
  const t = useTexts(TEXTS)
  const { may } = useSession()
  const { revealed, secondsLeft, show, hide, busy, failure } = useRevealed(customer.userId)
  return (
    <Section
      title={t('data')}
      actions={
        !may('customers:reveal') ? null : revealed ? (
          <Button small onClick={hide}>
            {t('hide')}
          </Button>
        ) : (
          <Button small busy={busy} onClick={show} aria-describedby="recorded">
            {t('show')}
          </Button>
        )
      }
    >
      <Facts
        facts={
          revealed
            ? [
                [t('email'), revealed.email],
                [t('name'), revealed.name],
                [t('phone'), revealed.phone],
                [t('address'), revealed.address],
              ]
            : [
                [t('email'), customer.emailMasked ?? '–'],
                [t('name'), customer.nameMasked ?? '–'],
              ]
        }
      />
      {may('customers:reveal') ? (
        <p className={revealed ? 'warning small' : 'soft small'} id="recorded">
          {revealed ? t('shownText', { s: secondsLeft }) : t('showText', { s: SHOWN_S })}
        </p>
      ) : null}
      {failure ? <FailureNote failure={failure} /> : null}
    </Section>
  )
}

function Erasure({ userId }: { readonly userId: string }): ReactNode {
  const t = useTexts(TEXTS)
  const [open, setOpen] = useState(false)
  return (
    <Section title={t('eraseSection')}>
      <p className="customers-about">{t('eraseAbout')}</p>
      <div>
        <Button tone="danger" onClick={() => setOpen(true)}>
          {t('erase')}
        </Button>
      </div>
      {open ? <EraseDialog userId={userId} onClose={() => setOpen(false)} /> : null}
    </Section>
  )
}

function EraseDialog({ userId, onClose }: { readonly userId: string; readonly onClose: () => void }): ReactNode {
  const t = useTexts(TEXTS)
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [tried, setTried] = useState(false)
  const { run, busy, failure } = useAction('POST /dashboard-api/customers/{userId}/erase')
  const word = t('eraseWord')
  const submit = async (): Promise<void> => {
    setTried(true)
    if (typed.trim() !== word || !(await run({ params: { userId } }))) return
    notify(t('erased'))
    await navigate({ to: '/customers', replace: true })
  }
  return (
    <FormDialog
      title={t('eraseTitle')}
      open
      onClose={onClose}
      action={t('erase')}
      tone="danger"
      busy={busy}
      failure={failure}
      onSubmit={() => void submit()}
    >
      <p>{t('eraseText')}</p>
      <TextField
        label={t('eraseType', { word })}
        value={typed}
        onValue={setTyped}
        error={tried && typed.trim() !== word ? t('eraseWrong', { word }) : undefined}
        autoComplete="off"
        spellCheck={false}
        autoFocus
      />
    </FormDialog>
  )
}
