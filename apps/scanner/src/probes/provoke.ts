import { answerOrNone, isPage, type Answer, type Question } from './ask.ts'
import type { Budget } from './budget.ts'
import { readPage } from './page-elements.ts'

/** An answer to something that a site cannot carry out. */
export interface Provoked {
  readonly by: 'a path that does not exist' | 'a broken body' | 'a long value' | 'a broken path'
  readonly answer: Answer
}

/** Words that stand in the broken body alone: where they come back, the answer repeats what was sent. */
export const SENT_WORDS = ['ucanpayAuditField', 'ucanpayAuditValue'] as const

/** The same each time, so that a finding is the same one. */
const NOWHERE = '/ucanpay-audit-4f1d9c7b'
/** Within what servers take for an address (8 KiB), and far beyond what anybody types. */
const LONG = 4_000

/**
 * Sends what cannot be carried out, and so changes nothing: no cookie goes along, and the one POST has a body that ends
 * in the middle of a text.
 */
export async function provoke(
  { origin, page, ca }: { readonly origin: string; readonly page: Answer; readonly ca: readonly string[] },
  budget: Budget,
): Promise<Provoked[]> {
  const here = new URL(new URL(page.url).origin === origin ? page.url : origin)
  const long = new URL(here)
  long.searchParams.set([...here.searchParams.keys()][0] ?? 'q', 'A'.repeat(LONG))
  const broken = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"${SENT_WORDS[0]}":"${SENT_WORDS[1]}`,
  } as const
  const questions: readonly (readonly [Provoked['by'], Omit<Question, 'ca'>])[] = [
    ['a path that does not exist', { url: origin + NOWHERE }],
    ['a broken body', { url: takesForms(page) ? origin + NOWHERE : here.href, ...broken }],
    ['a long value', { url: long.href }],
    ['a broken path', { url: `${origin}/%E0%A4%A` }],
  ]
  const provoked: Provoked[] = []
  for (const [by, question] of questions) {
    const answer = await answerOrNone({ ...question, ca }, budget)
    if (answer) provoked.push({ by, answer })
  }
  return provoked
}

/** Whether a form of the page is sent to the page itself: what is there might take any body for an empty form. */
function takesForms(page: Answer): boolean {
  const own = new URL(page.url)
  return (
    isPage(page) &&
    readPage(page.body).elements.some(({ name, attributes }) => {
      if (name !== 'form' || attributes.get('method')?.toLowerCase() !== 'post') return false
      const to = URL.parse(attributes.get('action') ?? '', page.url)
      return to?.pathname === own.pathname
    })
  )
}
