import { asFailure } from '../../shared/api/failure.ts'
import { notify } from '../../shared/components/toasts.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { FAILURE_TEXTS } from '../../shared/texts/words.ts'

/** Does something of the shell's; where it fails, a toast says what to do, as there is no page to say it on. */
export function useActing(): (act: () => Promise<void>) => void {
  const t = useTexts(FAILURE_TEXTS)
  return (act) => {
    act().catch((error: unknown) => {
      const failure = asFailure(error)
      const key = failure.needs === 'second-factor' ? 'secondFactor' : failure.msg
      notify(t(key in FAILURE_TEXTS ? (key as keyof typeof FAILURE_TEXTS) : 'unexpected'), 'bad')
    })
  }
}
