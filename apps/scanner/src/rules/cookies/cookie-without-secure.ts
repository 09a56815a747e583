import { COOKIE_CALLS, COOKIE_WORDS, cookieOf, flagOff, signsIn } from '../../engine/flows/cookies.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'

export const rule: Rule = {
  id: 'cookie-without-secure',
  practice: 11,
  severity: 'high',
  title: 'A cookie by which somebody is signed in is sent over plain HTTP as well',
  why: 'Without `Secure` the browser sends the cookie with every request to the host, also over http. Whoever shares the network needs one such request, which they can cause themselves by an image on any page, to have the session: orders, saved cards, refunds.',
  mend: 'Set `secure: true`. Where development runs on plain HTTP, let the environment decide, with true for production; behind a proxy set `trust proxy` as well.',
  before: "res.cookie('session', id, { httpOnly: true })",
  after: "res.cookie('__Host-session', id, { httpOnly: true, secure: true, sameSite: 'lax' })",
  controls: { pci: ['6.2.4'], asvs: ['3.3.1'], gdpr: ['32(1)(a)'] },
  fixes: 'it sets `secure: true` where the flags are written out.',
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'development'],
  words: COOKIE_WORDS,
  on: { calls: [{ to: COOKIE_CALLS, check }] },
}

function check(call: CallSite, scan: CodeScan): void {
  const cookie = cookieOf(call, scan)
  const off = cookie && flagOff(cookie, 'secure', { call, scan })
  if (!cookie || !off || !signsIn(cookie)) return
  const which = cookie.isSession ? 'The cookie of the session' : 'A cookie by which somebody is signed in'
  scan.report({
    at: scan.placeOf(off.at),
    message: off.isExplicit
      ? `${which} has secure turned off, so that it goes over plain HTTP as well`
      : `${which} is set without secure, so that it goes over plain HTTP as well`,
    ...(off.fix ? { fix: off.fix } : {}),
  })
}
