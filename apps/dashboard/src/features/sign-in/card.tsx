import { useEffect, useState, type ReactNode } from 'react'
import { setLanguage, useLanguage } from '../../shared/texts/language.ts'
import './sign-in.css'

/** The card in the middle of each page that is seen before anybody is signed in. */
export function Card({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  const language = useLanguage()
  const other = language === 'en' ? 'fr' : 'en'
  useEffect(() => {
    document.title = `${title} · UCanPay`
  }, [title])
  return (
    <div className="sign-in">
      <main className="sign-in-card">
        <p className="sign-in-brand">UCanPay</p>
        <h1>{title}</h1>
        {children}
      </main>
      <footer>
        <button type="button" className="button quiet small" lang={other} onClick={() => setLanguage(other)}>
          {other === 'fr' ? 'Français' : 'English'}
        </button>
      </footer>
    </div>
  )
}

/** The token of a mailed link. It stands after the `#`, which no browser sends: it is in no log. It leaves the address at once. */
export function useLinkToken(): string {
  const [token] = useState(() => location.hash.slice(1))
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname)
  }, [])
  return /^[0-9A-Za-z_-]{43}$/.test(token) ? token : ''
}
