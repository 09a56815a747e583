import { useState, type ReactNode } from 'react'
import { WORDS } from '../texts/words.ts'
import { useTexts } from '../texts/language.ts'
import { announce } from './toasts.tsx'

/** Copies a text. `what` says to a screen reader what it is. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }): ReactNode {
  const t = useTexts(WORDS)
  const [copied, setCopied] = useState(false)
  return (
    <button
      type="button"
      className="copy"
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => {
          setCopied(true)
          announce(t('copied'))
          setTimeout(() => setCopied(false), 2_000)
        })
      }}
    >
      {t(copied ? 'copied' : 'copy')}
      <span className="hidden"> {what}</span>
    </button>
  )
}
