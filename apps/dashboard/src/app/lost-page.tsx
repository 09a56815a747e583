import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Button } from '../shared/components/button.tsx'
import { useTexts } from '../shared/texts/language.ts'

const TEXTS = {
  lost: ['There is no such page', 'Cette page n’existe pas'],
  lostText: ['Check the address, or start from the beginning.', 'Vérifiez l’adresse, ou repartez du début.'],
  home: ['To the start', 'Vers l’accueil'],
  crash: ['This page has failed', 'Cette page a échoué'],
  crashText: [
    'Nothing is lost on the server. Load the page again; there may be a new version of it.',
    'Rien n’est perdu sur le serveur. Rechargez la page ; il y en a peut-être une nouvelle version.',
  ],
  reload: ['Load again', 'Recharger'],
} as const

/** At an address that leads nowhere. */
export function LostPage(): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <main className="lone">
      <h1>{t('lost')}</h1>
      <p>{t('lostText')}</p>
      <p>
        <Link to="/">{t('home')}</Link>
      </p>
    </main>
  )
}

/** Where a page threw, or its code could not be loaded. */
export function CrashPage(): ReactNode {
  const t = useTexts(TEXTS)
  return (
    <main className="lone" role="alert">
      <h1>{t('crash')}</h1>
      <p>{t('crashText')}</p>
      <Button tone="primary" onClick={() => location.reload()}>
        {t('reload')}
      </Button>
    </main>
  )
}
