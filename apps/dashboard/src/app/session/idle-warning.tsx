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

/** How long the first answer is waited for before the warning is shown all the same: the server may not be reached. */
const PATIENCE_S = 3

/**
 * Warns when the session is about to end for want of activity, and counts down. The server is asked first: what was
 * done in another tab has prolonged the session, and then there is nothing to warn of.
 */
export function IdleWarning({
  known,
  ask,
}: {
  readonly known: Known
  readonly ask: (covered: boolean) => void
}): ReactNode {
  const t = useTexts(TEXTS)
  const [secondsLeft, setSecondsLeft] = useState<number>()
  const [askedOf, setAskedOf] = useState<Known>()
  useEffect(() => {
    const tick = (): void => {
      const left = timeLeftMs(known)
      const seconds = Math.max(0, Math.ceil(left / SECOND_MS))
      if (left > WARNING_MS) {
        setSecondsLeft(undefined)
        setAskedOf(undefined)
        return
      }
      setSecondsLeft(seconds)
      // What was done since the last answer has moved the end; only the server knows to where.
      if (!askedOf) setAskedOf(known)
      if (!askedOf || seconds % ASK_EVERY_S === 0) ask(left <= 0)
    }
    const timer = setInterval(tick, SECOND_MS)
    return () => clearInterval(timer)
  }, [known, ask, askedOf])
  // An answer that came since the last tick may have told of more time.
  if (secondsLeft === undefined || timeLeftMs(known) > WARNING_MS) return null
  const answered = askedOf !== undefined && askedOf !== known
  if (!answered && secondsLeft > WARNING_MS / SECOND_MS - PATIENCE_S) return null
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
