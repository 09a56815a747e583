import { UCanPayError } from '../errors.ts'

/** What must not leave by an open channel. */
export type SensitiveKind =
  'card-number' | 'security-code' | 'key' | 'password' | 'iban' | 'national-id' | 'birth-date' | 'email-address'

/** Something that keeps a message from being sent. */
export interface SensitiveFinding {
  /** `unreadable`: what nobody can look into, an archive or an address to fetch from. */
  readonly kind: SensitiveKind | 'unreadable'
  /** Where: `subject`, `text`, `html`, `attachment 1`, `header`. */
  readonly part: string
  /** How often, at least. */
  readonly count: number
}

const WORDS: Readonly<Record<SensitiveFinding['kind'], string>> = {
  'card-number': 'a card number',
  'security-code': 'a security code of a card',
  key: 'a key, a token or credentials',
  password: 'a password',
  iban: 'the number of an account (IBAN)',
  'national-id': "a person's national number",
  'birth-date': 'a date of birth',
  'email-address': 'an e-mail address of somebody else',
  unreadable: 'something that cannot be looked into',
}
const INSTEAD: Partial<Record<SensitiveFinding['kind'], string>> = {
  'card-number': 'Write the last four digits at most.',
  password: 'Send a link that is good once.',
  iban: 'Name your own accounts in ownIbans.',
  'email-address': 'Name your own domains in ownDomains.',
  unreadable: 'Give the content itself, or name the type in dangerouslySendTypes.',
}

/** A message holds what must not leave, and was not sent. It says which kind and where, never the value. */
export class SensitiveDataError extends UCanPayError {
  override readonly name = 'SensitiveDataError'
  readonly findings: readonly SensitiveFinding[]
  constructor(findings: readonly SensitiveFinding[]) {
    const places = findings.map(
      ({ kind, part, count }) => `${WORDS[kind]} in ${part}${count > 1 ? ` (${count} times)` : ''}`,
    )
    const instead = [
      ...new Set(
        findings.map(({ kind }) => INSTEAD[kind] ?? 'Take it out, and send a link to where the reader signs in.'),
      ),
    ]
    super(`The message was not sent. It holds ${places.join(', ')}. ${instead.join(' ')}`)
    this.findings = findings
  }
}
