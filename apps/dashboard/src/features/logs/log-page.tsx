import { Link, useParams } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { Badge } from '../../shared/components/badge.tsx'
import { CopyButton } from '../../shared/components/copy-button.tsx'
import { Facts, Page, Section } from '../../shared/components/page.tsx'
import { ErrorState, Skeleton } from '../../shared/components/states.tsx'
import { Table } from '../../shared/components/table.tsx'
import { Code, Time } from '../../shared/components/values.tsx'
import { fill, useLanguage, useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { readStories, type BrokenRule, type ErrorStory } from './error-story.ts'
import { storyOf } from './failure-stories.ts'
import { TEXTS } from './texts.ts'
import './logs.css'

type Detail = Data<'GET /dashboard-api/logs/{requestId}'>

/** One failure, told in full. */
export function LogPage(): ReactNode {
  const t = useTexts(TEXTS)
  const { requestId = '' }: { requestId?: string } = useParams({ strict: false })
  const { data, error, refetch } = useApi('GET /dashboard-api/logs/{requestId}', { params: { requestId } })
  return (
    <Page
      title={data?.record.msg ?? t('request')}
      above={<Link to="/logs">← {t('back')}</Link>}
      beside={data ? <Badge tone={data.record.status >= 500 ? 'bad' : 'wait'}>{data.record.status}</Badge> : null}
    >
      {error ? (
        <ErrorState failure={error} onRetry={() => void refetch()} />
      ) : data ? (
        <Story detail={data} />
      ) : (
        <Skeleton lines={8} />
      )}
    </Page>
  )
}

function Story({ detail }: { readonly detail: Detail }): ReactNode {
  const t = useTexts(TEXTS)
  const w = useTexts(WORDS)
  const { requestId, at, method, route, actor } = detail.record
  const stories = readStories(detail.error)
  const rules = stories.flatMap((story) => story.rules)
  const everything = JSON.stringify(detail, null, 2)
  return (
    <>
      <Section title={t('request')} actions={<CopyButton text={everything} what={t('copyAll')} />}>
        <Facts
          facts={[
            [w('requestId'), <Code text={requestId} what={w('requestId')} />],
            [t('at'), <Time at={at} detail="full" />],
            [t('request'), <code>{`${method} ${route ?? `(${t('unknownRoute')})`}`}</code>],
            [t('actor'), actor === undefined ? t('nobody') : <code>{actor}</code>],
          ]}
        />
      </Section>
      <Meaning msg={detail.record.msg} />
      {rules.length > 0 ? <Rules rules={rules} /> : null}
      {stories.length > 0 ? (
        <Section title={t('told')}>
          <p className="soft small">{t('toldText')}</p>
          {stories.map((story, depth) => (
            <Told key={depth} story={story} cause={depth > 0} />
          ))}
        </Section>
      ) : null}
    </>
  )
}

function Meaning({ msg }: { readonly msg: string }): ReactNode {
  const t = useTexts(TEXTS)
  const language = useLanguage()
  const story = storyOf(msg)
  if (!story) return null
  return (
    <Section title={t('meaning')}>
      <p>{fill(story.means, language)}</p>
      <p>
        <strong>{t('todo')}</strong>
        <br />
        {fill(story.todo, language)}
      </p>
    </Section>
  )
}

function Rules({ rules }: { readonly rules: readonly BrokenRule[] }): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <Section title={t('places')} flush>
      <Table
        caption={t('places')}
        columns={[
          {
            key: 'place',
            title: t('place'),
            lead: true,
            cell: ({ pointer }) => (pointer === '' ? t('whole') : <code>{pointer}</code>),
          },
          { key: 'rule', title: t('rule'), cell: ({ rule }) => <code>{rule}</code> },
        ]}
        rows={rules}
        rowKey={({ pointer, rule }) => `${pointer} ${rule}`}
      />
    </Section>
  )
}

function Told({ story, cause }: { readonly story: ErrorStory; readonly cause: boolean }): ReactNode {
  const t = useTexts(TEXTS)
  const { name, message, code, constraint, stack } = story
  const mono = (text: string | undefined): ReactNode => (text === undefined ? undefined : <code>{text}</code>)
  return (
    <div className="log-cause">
      {cause ? <h3>{t('because')}</h3> : null}
      <Facts
        facts={[
          [t('name'), mono(name)],
          [t('code'), mono(code)],
          [t('constraint'), mono(constraint)],
          // The gateway speaks English, whatever the page's language is.
          [t('words'), message === undefined ? undefined : <span lang="en">{message}</span>],
        ]}
      />
      {stack.length > 0 ? (
        <Fragment>
          <p className="soft small">{t('stack')}</p>
          <ol className="log-stack">
            {stack.map((place, index) => (
              <li key={index}>
                <code>{place}</code>
              </li>
            ))}
          </ol>
        </Fragment>
      ) : null}
    </div>
  )
}
