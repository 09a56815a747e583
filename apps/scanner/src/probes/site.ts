import { answerOrNone, ask, bareHost, type Answer, type Question } from './ask.ts'
import { MOST_REDIRECTS, type Budget } from './budget.ts'
import { shakeHands, type Certificate, type Door } from './handshake.ts'
import { fetchFiles, fetchSecurityText } from './known-files.ts'
import { loadScripts, type Script } from './load-scripts.ts'
import { provoke, type Provoked } from './provoke.ts'
import { targetOf } from './redirects.ts'

/** All that was gathered of a site; probes look at it and send nothing. */
export interface Site {
  readonly origin: string
  /** When it was asked. */
  readonly now: Date
  readonly certificate: Certificate
  /** What was agreed upon where only this was offered: versions before 1.2, and ciphers that are broken. */
  readonly accepted: readonly { readonly protocol: string; readonly cipher: string; readonly isOldVersion: boolean }[]
  readonly page: Answer
  /** What led to the page, and the page itself. */
  readonly visited: readonly Answer[]
  /** The page over plain HTTP; absent where nothing answers there. */
  readonly plain: Answer | undefined
  /** The page, asked for in the name of a foreign origin. */
  readonly foreign: Answer | undefined
  /** What came where an error was due. */
  readonly provoked: readonly Provoked[]
  /** The scripts that the page names on its own origin. */
  readonly scripts: readonly Script[]
  /** What came for `/.well-known/security.txt`. */
  readonly securityText: Answer | undefined
  /** What came for files that must not be there. */
  readonly files: readonly Answer[]
}

/** The origin that no site has reason to trust (RFC 2606 keeps its name from being anybody's). */
export const FOREIGN_ORIGIN = 'https://ucanpay-audit.invalid'

const WEAK_CIPHERS = 'aNULL:eNULL:RC4:DES:3DES:EXPORT:MD5:@SECLEVEL=0'

/** Whom to ask, and how. */
export interface SiteWish {
  /** The page, with https. */
  readonly url: URL
  /** The same over plain HTTP. */
  readonly plainUrl: URL
  readonly ca: readonly string[]
  readonly now: Date
}

/** Gathers what probes look at. @throws Error where the site cannot be reached over TLS at all */
export async function gather({ url, plainUrl, ca, now }: SiteWish, budget: Budget): Promise<Site> {
  const door: Door = { host: bareHost(url), port: Number(url.port || 443), ca }
  const { certificate } = await shakeHands(door, {}, budget)
  if (!certificate) throw new Error('it showed no certificate')
  const accepted = await acceptedOf(door, budget)
  const visited = await visit({ url: url.href, ca }, budget)
  const [page] = visited.slice(-1)
  if (!page) throw new Error('it did not answer')
  const wish = { origin: url.origin, page, ca }
  // One after the other within each; few at a time, so that no site is kept busy by it.
  const [plain, foreign, provoked, scripts, securityText, files] = await Promise.all([
    answerOrNone({ url: plainUrl.href, ca }, budget),
    answerOrNone({ url: url.href, headers: { origin: FOREIGN_ORIGIN }, ca }, budget),
    provoke(wish, budget),
    loadScripts(wish, budget),
    fetchSecurityText(wish, budget),
    fetchFiles(wish, budget),
  ])
  return {
    origin: url.origin,
    now,
    certificate,
    accepted,
    page,
    visited,
    plain,
    foreign,
    provoked,
    scripts,
    securityText,
    files,
  }
}

async function acceptedOf(door: Door, budget: Budget): Promise<Site['accepted']> {
  const found: { protocol: string; cipher: string; isOldVersion: boolean }[] = []
  for (const version of ['TLSv1', 'TLSv1.1'] as const) {
    // ucanpay-audit-ignore old-tls-version: offered to find out whether the site takes it; nothing is sent
    const offer = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' }
    const agreed = await shakeHands(door, offer, budget).catch(() => undefined)
    if (agreed) found.push({ ...agreed, isOldVersion: true })
  }
  // TLS 1.3 has no such ciphers, and its own are always offered: it is left out.
  // ucanpay-audit-ignore old-tls-version: offered to find out whether the site takes it; nothing is sent
  const offer = { minVersion: 'TLSv1', maxVersion: 'TLSv1.2', ciphers: WEAK_CIPHERS } as const
  // It fails as well where this OpenSSL was built without any of them.
  const weak = await shakeHands(door, offer, budget).catch(() => undefined)
  if (weak) found.push({ ...weak, isOldVersion: false })
  return found
}

/** Follows redirects within the origin; the last answer is the page, or a redirect where they do not end. */
async function visit(question: Question, budget: Budget): Promise<Answer[]> {
  const answers = [await ask(question, budget)]
  while (answers.length <= MOST_REDIRECTS) {
    const to = answers.slice(-1).map(targetOf)[0]
    if (to?.origin !== new URL(question.url).origin) break
    answers.push(await ask({ ...question, url: to.href }, budget))
  }
  return answers
}
