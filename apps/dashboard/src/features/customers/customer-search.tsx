import { useState, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { call } from '../../shared/api/client.ts'
import { asFailure, type ApiFailure } from '../../shared/api/failure.ts'
import { Button } from '../../shared/components/button.tsx'
import { TextField } from '../../shared/components/field.tsx'
import { FailureNote } from '../../shared/components/states.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { TEXTS } from './texts.ts'

/**
 * Finds customers by the whole address, which alone the gateway can look for. What is typed goes in a body and stays
 * in memory: an address is personal, and stands in no URL, no history and no cache.
 */
export function CustomerSearch(props: {
  readonly onFound: (rows: Data<'POST /dashboard-api/customers/search'>['items']) => void
}): ReactNode {
  const t = useTexts(TEXTS)
  const [email, setEmail] = useState('')
  const [wrong, setWrong] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ApiFailure>()
  const search = async (): Promise<void> => {
    const typed = email.trim()
    const whole = /^[^\s@]+@[^\s@]+$/.test(typed)
    setWrong(!whole)
    if (!whole) return
    setBusy(true)
    setFailure(undefined)
    try {
      // Not as an action: it changes nothing, so nothing has to be read anew.
      const { items } = await call('POST /dashboard-api/customers/search', { body: { email: typed } })
      props.onFound(items)
    } catch (error) {
      setFailure(asFailure(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="customers-search"
      role="search"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) void search()
      }}
    >
      <TextField
        type="search"
        inputMode="email"
        label={t('search')}
        placeholder={t('searchHint')}
        error={wrong ? t('emailMissing') : undefined}
        value={email}
        onValue={setEmail}
        autoComplete="off"
        spellCheck={false}
        data-search=""
      />
      <Button type="submit" busy={busy}>
        {t('find')}
      </Button>
      {failure ? <FailureNote failure={failure} /> : null}
    </form>
  )
}
