import { answerOrNone, type Answer } from './ask.ts'
import { SECRET_FILES, type Budget } from './budget.ts'
import { targetOf } from './redirects.ts'

interface Wish {
  readonly origin: string
  readonly ca: readonly string[]
}

/** What is at the place of security.txt, or where one redirect on the origin leads. */
export async function fetchSecurityText({ origin, ca }: Wish, budget: Budget): Promise<Answer | undefined> {
  const answer = await answerOrNone({ url: `${origin}/.well-known/security.txt`, ca }, budget)
  const to = answer && targetOf(answer)
  return to?.origin === origin ? await answerOrNone({ url: to.href, ca }, budget) : answer
}

/** What comes for each file that must not be there. */
export async function fetchFiles({ origin, ca }: Wish, budget: Budget): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const path of SECRET_FILES) {
    const answer = await answerOrNone({ url: origin + path, ca }, budget)
    if (answer) answers.push(answer)
  }
  return answers
}
