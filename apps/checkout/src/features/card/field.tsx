import type { JSX } from 'preact'
import { t } from '../../shared/texts.ts'
import type { CardField, CardTyped, Mistakes } from './card-entry.ts'

export interface FieldProps {
  readonly field: CardField
  readonly label: string
  readonly hint?: string
  readonly autocomplete: 'cc-number' | 'cc-exp' | 'cc-csc' | 'cc-name'
  readonly inputMode: 'numeric' | 'text'
  readonly maxLength: number
  readonly disabled: boolean
  readonly typed: CardTyped
  readonly mistakes: Mistakes
  /** Puts what was typed into form; may move the caret. */
  readonly format: (input: HTMLInputElement) => string
  readonly onChange: (field: CardField, value: string) => void
  readonly onLeave: (field: CardField) => void
}

/** A labelled field with its hint, and its mistake below it. */
export function Field(props: FieldProps): JSX.Element {
  const { field, label, hint, mistakes, typed } = props
  const mistake = mistakes[field]
  const described = [hint ? `${field}-hint` : '', mistake ? `${field}-mistake` : ''].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={field}>{label}</label>
      <input
        id={field}
        name={field}
        value={typed[field]}
        autocomplete={props.autocomplete}
        inputMode={props.inputMode}
        maxLength={props.maxLength}
        readOnly={props.disabled}
        spellcheck={false}
        required
        aria-invalid={mistake ? 'true' : undefined}
        aria-describedby={described === '' ? undefined : described}
        onInput={(event) => props.onChange(field, props.format(event.currentTarget))}
        onBlur={() => props.onLeave(field)}
      />
      {hint ? (
        <p class="hint" id={`${field}-hint`}>
          {hint}
        </p>
      ) : null}
      {mistake ? (
        <p class="mistake" id={`${field}-mistake`}>
          {t(mistake.text, mistake.values)}
        </p>
      ) : null}
    </div>
  )
}
