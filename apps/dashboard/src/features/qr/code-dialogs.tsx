import { CURRENCIES } from '@ucanpay/wire/currencies'
import { majorUnits } from '@ucanpay/wire/parse-amount'
import { useState, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useAction } from '../../shared/api/queries.ts'
import { FormDialog } from '../../shared/components/dialog.tsx'
import { SelectField, TextField } from '../../shared/components/field.tsx'
import { notify } from '../../shared/components/toasts.tsx'
import { useTexts } from '../../shared/texts/language.ts'
import { WORDS } from '../../shared/texts/words.ts'
import { readCode, type ReadCode, type TypedCode } from './code-form.ts'
import type { CounterDefaults } from './counter-form.tsx'
import { CODE_TEXTS, TEXTS } from './texts.ts'

export type Code = Data<'GET /dashboard-api/static-codes/{codeId}'>

/** An amount to show how one is written. */
const EXAMPLE = 1250

/** Makes a code; `onMade` gets its id. */
export function MakeCodeDialog(props: {
  readonly defaults: CounterDefaults
  readonly onClose: () => void
  readonly onMade: (codeId: string) => void
}): ReactNode {
  const { defaults, onClose, onMade } = props
  const c = useTexts(CODE_TEXTS)
  const [typed, setTyped] = useState<TypedCode>({
    ...{ name: '', subject: '', kind: 'entered', min: '', max: '' },
    ...defaults,
  })
  const [tried, setTried] = useState(false)
  const { run, busy, failure } = useAction('POST /dashboard-api/static-codes')
  const read = readCode(typed)
  const submit = async (): Promise<void> => {
    setTried(true)
    const made = read.values && (await run({ body: read.values }))
    if (!made) return
    notify(c('made'))
    onMade(made.codeId)
  }
  return (
    <FormDialog
      title={c('makeTitle')}
      open
      onClose={onClose}
      action={c('makeAction')}
      busy={busy}
      failure={failure}
      onSubmit={() => void submit()}
    >
      <CodeFields
        typed={typed}
        wrong={tried ? read.wrong : undefined}
        onTyped={(changes) => setTyped({ ...typed, ...changes })}
      />
    </FormDialog>
  )
}

interface FieldsProps {
  readonly typed: TypedCode
  /** Undefined until it was tried. */
  readonly wrong: ReadCode['wrong'] | undefined
  readonly onTyped: (changes: Partial<TypedCode>) => void
}

function CodeFields(props: FieldsProps): ReactNode {
  const { typed, wrong, onTyped } = props
  const t = useTexts(TEXTS)
  const c = useTexts(CODE_TEXTS)
  return (
    <>
      <NameField value={typed.name} wrong={wrong?.name} onValue={(name) => onTyped({ name })} />
      <TextField
        label={t('subject')}
        value={typed.subject}
        onValue={(subject) => onTyped({ subject })}
        maxLength={30}
        error={wrong?.subject ? t('badSubject') : undefined}
      />
      <SelectField
        label={c('amount')}
        value={typed.kind}
        onValue={(kind) => onTyped({ kind: kind === 'fixed' ? kind : 'entered' })}
        options={(['entered', 'fixed'] as const).map((value) => ({ value, label: c(value) }))}
      />
      <AmountFields {...props} />
      <TextField
        type="url"
        label={t('notifyUrl')}
        hint={t('notifyHint')}
        value={typed.notifyUrl}
        onValue={(notifyUrl) => onTyped({ notifyUrl })}
        maxLength={256}
        error={wrong?.notifyUrl ? t('badUrl') : undefined}
      />
    </>
  )
}

function AmountFields({ typed, wrong, onTyped }: FieldsProps): ReactNode {
  const t = useTexts(TEXTS)
  const c = useTexts(CODE_TEXTS)
  const w = useTexts(WORDS)
  const example = { example: majorUnits(EXAMPLE, typed.currency) }
  const entered = typed.kind === 'entered'
  const common = { inputMode: 'decimal', autoComplete: 'off' } as const
  return (
    <>
      <SelectField
        label={w('currency')}
        value={typed.currency}
        onValue={(currency) => onTyped({ currency })}
        options={CURRENCIES.map((value) => ({ value, label: value }))}
      />
      <TextField
        {...common}
        label={c(entered ? 'least' : 'amount')}
        hint={t('amountHint', example)}
        value={typed.min}
        onValue={(min) => onTyped({ min })}
        error={wrong?.min ? t('badAmount', example) : undefined}
      />
      {entered ? (
        <TextField
          {...common}
          label={c('most')}
          value={typed.max}
          onValue={(max) => onTyped({ max })}
          error={wrong?.max ? c('badBounds', example) : undefined}
        />
      ) : null}
    </>
  )
}

function NameField(props: {
  readonly value: string
  readonly wrong: boolean | undefined
  readonly onValue: (name: string) => void
}): ReactNode {
  const c = useTexts(CODE_TEXTS)
  return (
    <TextField
      label={c('name')}
      hint={c('nameHint')}
      value={props.value}
      onValue={props.onValue}
      maxLength={64}
      autoComplete="off"
      autoFocus
      error={props.wrong ? c('badName') : undefined}
    />
  )
}

/** Gives a code another name. */
export function RenameCodeDialog({ code, onClose }: { readonly code: Code; readonly onClose: () => void }): ReactNode {
  const c = useTexts(CODE_TEXTS)
  const [name, setName] = useState(code.name)
  const { run, busy, failure } = useAction('PUT /dashboard-api/static-codes/{codeId}')
  const submit = async (): Promise<void> => {
    if (name.trim() === '') return
    if (!(await run({ params: { codeId: code.codeId }, body: { name: name.trim() } }))) return
    notify(c('renamed'))
    onClose()
  }
  return (
    <FormDialog
      title={c('rename')}
      open
      onClose={onClose}
      action={c('rename')}
      busy={busy}
      failure={failure}
      onSubmit={() => void submit()}
    >
      <NameField value={name} wrong={name.trim() === ''} onValue={setName} />
    </FormDialog>
  )
}
