import { useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { Button } from '../../shared/components/button.tsx'
import { TextField } from '../../shared/components/field.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { TEXTS } from './texts.ts'

const REQUEST_ID = /req_[0-9a-z]{26}/

/** Goes straight to a request by its id, also where it was pasted with words around it. */
export function FindRequest(): ReactNode {
  const t = useTexts(TEXTS)
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [tried, setTried] = useState(false)
  const open = (): void => {
    const requestId = REQUEST_ID.exec(typed)?.[0]
    setTried(requestId === undefined)
    if (requestId !== undefined) void navigate({ to: '/logs/$requestId', params: { requestId } })
  }
  return (
    <form
      className="log-find"
      role="search"
      aria-label={t('find')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        open()
      }}
    >
      <TextField
        type="search"
        label={t('find')}
        hint={t('findHint')}
        value={typed}
        onValue={setTyped}
        error={tried && !REQUEST_ID.test(typed) ? t('noId') : undefined}
        autoComplete="off"
        spellCheck={false}
        data-search=""
      />
      <Button type="submit">{t('go')}</Button>
    </form>
  )
}
