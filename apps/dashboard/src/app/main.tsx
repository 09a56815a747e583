import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { languageOf } from '../shared/texts/language.ts'
import { showTheme } from '../shared/theme.ts'
import { App } from './app.tsx'
import { askEarly } from './session/early-session.ts'
import './style.css'

document.documentElement.lang = languageOf(navigator.languages)
showTheme()
askEarly()

// A page from the browser's memory shows what somebody saw who may be signed out by now. It is covered when it is put
// away, and loaded anew when it comes back.
addEventListener('pagehide', () => document.documentElement.classList.add('put-away'))
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload()
})

const root = document.getElementById('app')
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
