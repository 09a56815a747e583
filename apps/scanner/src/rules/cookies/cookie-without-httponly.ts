import { COOKIE_CALLS, COOKIE_WORDS, cookieOf, flagOff, signsIn } from '../../engine/flows/cookies.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'

export const rule: Rule = {
  id: 'cookie-without-httponly',
  practice: 11,
  severity: 'high',
  title: 'A cookie by which somebody is signed in can be read by scripts',
  why: 'Every script on the page can read a cookie without `HttpOnly`: one that was injected, one of an advertiser, one of a library that was taken over. It sends the session on, and the attacker is signed in as the buyer or as your own staff.',
  mend: 'Set `httpOnly: true`. What scripts need to know (a name, a theme) goes into another cookie or into the page.',
  before: "res.cookie('session', id, { secure: true })",
  after: "res.cookie('__Host-session', id, { httpOnly: true, secure: true, sameSite: 'lax' })",
  controls: { pci: ['6.2.4'], asvs: ['3.3.4'], gdpr: ['32(1)(b)'] },
  fixes: 'it sets `httpOnly: true` where the flags are written out.',
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'development'],
  words: COOKIE_WORDS,
  on: { calls: [{ to: COOKIE_CALLS, check }] },
}

function check(call: CallSite, scan: CodeScan): void {
  const cookie = cookieOf(call, scan)
  const off = cookie && flagOff(cookie, 'httpOnly', { call, scan })
  if (!cookie || !off || !signsIn(cookie)) return
  const which = cookie.isSession ? 'The cookie of the session' : 'A cookie by which somebody is signed in'
  scan.report({
    at: scan.placeOf(off.at),
    message: off.isExplicit
      ? `${which} has httpOnly turned off, so that scripts can read it`
      : `${which} is set without httpOnly, so that scripts can read it`,
    ...(off.fix ? { fix: off.fix } : {}),
  })
}
