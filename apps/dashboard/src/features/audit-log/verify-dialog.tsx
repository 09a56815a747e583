import { useEffect, useEffectEvent, useState, type ReactNode } from 'react'
import { downloadUrl, type Data } from '../../shared/api/client.ts'
import { useAction } from '../../shared/api/queries.ts'
import { Badge } from '../../shared/components/badge.tsx'
import { CopyButton } from '../../shared/components/copy-button.tsx'
import { Dialog } from '../../shared/components/dialog.tsx'
import { FailureNote, Skeleton } from '../../shared/components/states.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { FINDING_TEXTS } from './finding-texts.ts'
import { TEXTS } from './texts.ts'

type Verdict = Data<'POST /dashboard-api/audit-log/verify'>

const COMMAND = 'ucanpay audit-log verify audit-log.jsonl --public-key jwks.json'

/** Verifies the log, says plainly what was found, and how others find it without us. */
export function VerifyDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useTexts(TEXTS)
  const [verdict, setVerdict] = useState<Verdict>()
  const { run, failure } = useAction('POST /dashboard-api/audit-log/verify')
  const verify = useEffectEvent(() => void run().then(setVerdict))
  useEffect(() => verify(), [])
  return (
    <Dialog title={t('verdict')} open onClose={onClose} wide>
      <div className="form" role="status">
        {failure ? (
          <FailureNote failure={failure} />
        ) : verdict ? (
          <Found verdict={verdict} />
        ) : (
          <>
            <p>{t('verifying')}</p>
            <Skeleton lines={2} />
          </>
        )}
      </div>
      <h2>{t('howTitle')}</h2>
      <p>{t('how')}</p>
      <div>
        <pre className="audit-command" tabIndex={0} aria-label={t('command')}>
          {COMMAND}
        </pre>
        <CopyButton text={COMMAND} what={t('command')} />
      </div>
      <p>
        <a className="button" href={downloadUrl('/dashboard-api/audit-log/export', {})} download>
          {t('export')}
        </a>
      </p>
    </Dialog>
  )
}

function Found({ verdict: { holds, entries, checkpoints, finding } }: { readonly verdict: Verdict }): ReactNode {
  const t = useTexts(TEXTS)
  const f = useTexts(FINDING_TEXTS)
  return (
    <>
      <p className="audit-verdict">
        <Badge tone={holds ? 'good' : 'bad'}>{holds ? '✓' : '✗'}</Badge>
        {t(holds ? 'holds' : 'broken')}
      </p>
      {finding ? (
        <p className="failure">
          {finding.seq === undefined ? t('found') : t('atPlace', { n: finding.seq })} {f(finding.code)}
        </p>
      ) : null}
      <p>{t('counts', { entries, checkpoints })}</p>
    </>
  )
}
