import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { languageOf } from '../shared/texts/language.ts'
import { showTheme } from '../shared/theme.ts'
import { App } from './app.tsx'
import { router } from './router.tsx'
import './style.css'

document.documentElement.lang = languageOf(navigator.languages)
showTheme()

/** How long the answers are waited for when the code is there: whoever waits longer sees that the page is on its way. */
const PATIENCE_MS = 500

/** Draws the dashboard, once it is known which page it is, who looks at it, and mostly what is on it. */
export async function draw(answers: Promise<void>): Promise<void> {
  const root = document.getElementById('app')
  if (!root) return
  // An address that leads on to another, as /account does, is gone to when the history tells of it. Once React is there
  // it listens by itself.
  const stopListening = router.history.subscribe((change) => void router.load(change))
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))
  await Promise.allSettled([router.load(), Promise.race([answers, patience])])
  stopListening()
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
