import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { languageOf } from '../shared/texts/language.ts'
import { showTheme } from '../shared/theme.ts'
import { App } from './app.tsx'
import { router } from './router.tsx'
import './style.css'

document.documentElement.lang = languageOf(navigator.languages)
showTheme()

// A page from the browser's memory shows what somebody saw who may be signed out by now. It is covered when it is put
// away, and loaded anew when it comes back.
addEventListener('pagehide', () => document.documentElement.classList.add('put-away'))
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload()
})

/** Draws the dashboard, once it is known which page it is, who looks at it, and mostly what is on it. */
export async function draw(answers: Promise<void>): Promise<void> {
  const root = document.getElementById('app')
  if (!root) return
  await Promise.all([answers, router.load()])
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
