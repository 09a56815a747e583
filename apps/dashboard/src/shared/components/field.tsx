import { useId, useState, type InputHTMLAttributes, type ReactNode } from 'react'
import { WORDS } from '../texts/words.ts'
import { useTexts } from '../texts/language.ts'

interface FieldFrame {
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong and what to do; read out with the field. */
  readonly error?: string | undefined
  /** The label is there for screen readers alone: where a filter bar says it already. */
  readonly hideLabel?: boolean
}

/** What a control inside a field has to carry, so that its hint and error belong to it. */
interface FieldLinks {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

/** A label, a control, a hint and an error that belong together. */
export function Field(props: FieldFrame & { readonly children: (links: FieldLinks) => ReactNode }): ReactNode {
  const { label, hint, error, hideLabel, children } = props
  const id = useId()
  const about = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id} className={hideLabel ? 'hidden' : undefined}>
        {label}
      </label>
      {children({ id, 'aria-describedby': about || undefined, 'aria-invalid': error ? true : undefined })}
      {hint ? (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
    </div>
  )
}

type TextFieldProps = FieldFrame &
  Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> & {
    readonly value: string
    readonly onValue: (value: string) => void
  }

/** A line of text, also of `type` email, password, search, date or number. */
export function TextField({ label, hint, error, hideLabel, value, onValue, ...rest }: TextFieldProps): ReactNode {
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel ?? false}>
      {(links) => <input {...rest} {...links} value={value} onChange={(event) => onValue(event.target.value)} />}
    </Field>
  )
}

/** A password: it can be shown while it is typed, and pasted (NIST SP 800-63B-4 §3.1.1.2). */
export function PasswordField({ label, hint, error, value, onValue, ...rest }: TextFieldProps): ReactNode {
  const t = useTexts(WORDS)
  const [shown, setShown] = useState(false)
  return (
    <Field label={label} hint={hint} error={error}>
      {(links) => (
        <span className="password-box">
          <input
            {...rest}
            {...links}
            type={shown ? 'text' : 'password'}
            value={value}
            onChange={(event) => onValue(event.target.value)}
          />
          <button type="button" className="password-eye" aria-controls={links.id} onClick={() => setShown(!shown)}>
            {t(shown ? 'hide' : 'show')}
            <span className="hidden"> {label}</span>
          </button>
        </span>
      )}
    </Field>
  )
}

/** One of several values. */
export interface SelectOption {
  readonly value: string
  readonly label: string
}

/** A choice of one from a list, by the browser's own control, which every phone and screen reader knows. */
export function SelectField(
  props: FieldFrame & {
    readonly value: string
    readonly onValue: (value: string) => void
    readonly options: readonly SelectOption[]
  },
): ReactNode {
  const { value, onValue, options, label, hint, error, hideLabel } = props
  return (
    <Field label={label} hint={hint} error={error} hideLabel={hideLabel ?? false}>
      {(links) => (
        <select {...links} value={value} onChange={(event) => onValue(event.target.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

/** A box to tick. */
export function CheckField(props: {
  readonly label: ReactNode
  readonly checked: boolean
  readonly onChecked: (checked: boolean) => void
  readonly disabled?: boolean
}): ReactNode {
  const { label, checked, onChecked, disabled } = props
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChecked(event.target.checked)}
      />
      <span>{label}</span>
    </label>
  )
}
