const SUBJECT = /^[^/=&\p{Cc}]{1,30}$/u

/** What an order is for, as the gateway takes it; undefined where it would not. */
export function readSubject(typed: string): string | undefined {
  const subject = typed.trim()
  return SUBJECT.test(subject) ? subject : undefined
}

/** An address that is told of payments; undefined where the gateway would not take it. */
export function readAddress(typed: string): string | undefined {
  const address = typed.trim()
  return /^https:\/\/\S+$/.test(address) ? address : undefined
}
