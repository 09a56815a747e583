import { useEffect, useState, type ReactNode } from 'react'
import { call } from '../../shared/api/client.ts'
import { Button } from '../../shared/components/button.tsx'
import { Dialog } from '../../shared/components/dialog.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { timeLeftMs, WARNING_MS, type Known } from './time-left.ts'

const TEXTS = {
  title: ['Are you still there?', 'Êtes-vous toujours là ?'],
  text: [
    'For your safety you are signed out after 15 minutes without activity.',
    'Pour votre sécurité, vous êtes déconnecté après 15 minutes sans activité.',
  ],
  left: ['Signing out in {time}', 'Déconnexion dans {time}'],
  stay: ['Stay signed in', 'Rester connecté'],
} as const

const SECOND_MS = 1_000
/** How often the server is asked anew while the warning is shown: another tab may have prolonged the session. */
const ASK_EVERY_S = 10

/** Warns when the session is about to end for want of activity, and counts down. */
export function IdleWarning({
  known,
  ask,
}: {
  readonly known: Known
  readonly ask: (covered: boolean) => void
}): ReactNode {
  const t = useTexts(TEXTS)
  const [secondsLeft, setSecondsLeft] = useState<number>()
  const [asked, setAsked] = useState(false)
  useEffect(() => {
    const tick = (): void => {
      const left = timeLeftMs(known)
      const seconds = Math.max(0, Math.ceil(left / SECOND_MS))
      if (left > WARNING_MS) {
        setSecondsLeft(undefined)
        setAsked(false)
        return
      }
      setSecondsLeft(seconds)
      // What was done since the last answer has moved the end; only the server knows to where.
      if (!asked || seconds % ASK_EVERY_S === 0) {
        setAsked(true)
        ask(left <= 0)
      }
    }
    const timer = setInterval(tick, SECOND_MS)
    return () => clearInterval(timer)
  }, [known, ask, asked])
  if (secondsLeft === undefined || !asked) return null
  const time = `${Math.floor(secondsLeft / 60)}:${String(secondsLeft % 60).padStart(2, '0')}`
  const stay = (): void => void call('POST /dashboard-api/session/extend').catch(() => undefined)
  return (
    <Dialog title={t('title')} open onClose={stay}>
      <p>{t('text')}</p>
      <p className="countdown" role="timer">
        {t('left', { time })}
      </p>
      <footer className="dialog-actions">
        <Button tone="primary" onClick={stay} autoFocus>
          {t('stay')}
        </Button>
      </footer>
    </Dialog>
  )
}
