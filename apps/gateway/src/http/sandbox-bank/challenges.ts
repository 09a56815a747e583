import Type from 'typebox'
import { decimalsOf } from '@ucanpay/wire/currencies'
import { objectId } from '@ucanpay/wire/object-id'
import type { SandboxAcquirer, SandboxChallenge } from '../../acquirers/sandbox/sandbox-acquirer.ts'
import { ApiError } from '../../domain/api-error.ts'
import type { App } from '../app.ts'
import { PAGE_POLICY } from '../plugins/headers.ts'

const TEXTS = {
  en: {
    title: 'Confirm your payment',
    lead: 'This page plays your bank. No money moves.',
    amount: 'Amount',
    confirm: 'Confirm',
    refuse: 'Refuse',
  },
  fr: {
    title: 'Confirmez votre paiement',
    lead: 'Cette page joue le rôle de votre banque. Aucun argent ne bouge.',
    amount: 'Montant',
    confirm: 'Confirmer',
    refuse: 'Refuser',
  },
} as const

const STYLE = `:root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-items:center;font:1.0625rem/1.5 system-ui,sans-serif;background:light-dark(#f3f4f6,#12151b);color:light-dark(#171a21,#f2f4f8)}
main{box-sizing:border-box;width:min(24rem,100vw);padding:2rem;background:light-dark(#fff,#1b2029);border-radius:1rem}
h1{font-size:1.375rem;margin:0 0 .5rem}
dl{display:flex;justify-content:space-between;margin:1.5rem 0}dd{margin:0;font-weight:600}
form{display:grid;gap:.75rem}
button{font:inherit;font-weight:600;min-height:3rem;border-radius:.625rem;border:2px solid light-dark(#1f4fd1,#86a8ff);background:light-dark(#1f4fd1,#86a8ff);color:light-dark(#fff,#10131a);cursor:pointer}
button[value=refuse]{background:transparent;color:inherit}
button:focus-visible{outline:3px solid light-dark(#171a21,#fff);outline-offset:2px}`

const Params = Type.Object({ operationId: objectId("The bank's number of what it was asked.") })
const PATH = '/sandbox-bank/challenges/:operationId'

/** The page on which a sandbox bank asks the buyer; test mode's stand-in for the card issuer's own page. */
export function sandboxBankRoutes(app: App, sandbox: SandboxAcquirer): void {
  app.get('/sandbox-bank/style.css', { config: { access: 'public' } }, (_request, reply) =>
    reply.header('cache-control', 'public, max-age=3600').type('text/css; charset=utf-8').send(STYLE),
  )

  app.get(PATH, { config: { access: 'public' }, schema: { params: Params } }, async (request, reply) => {
    const { operationId } = request.params
    const challenge = await sandbox.findChallenge(operationId)
    if (!challenge) throw new ApiError('NOT_FOUND', 'no open challenge')
    const french = (request.headers['accept-language'] ?? '').toLowerCase().startsWith('fr')
    reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8')
    return reply.send(page(challenge, french ? 'fr' : 'en'))
  })

  void app.register((scope, _options, done) => {
    // A form without a script: the one place that takes this type, and it reads one word of it.
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, parsed) =>
      parsed(null, new URLSearchParams(body as string)),
    )
    scope.post(PATH, { config: { access: 'public' }, schema: { params: Params } }, async (request, reply) => {
      const { operationId } = request.params as { operationId: string } // A scope has no types of its own.
      const answer = request.body instanceof URLSearchParams ? request.body.get('answer') : null
      if (answer !== 'confirm' && answer !== 'refuse') throw new ApiError('PARAM_ERROR', 'the answer is neither')
      const returnUrl = await sandbox.answerChallenge(operationId, answer === 'confirm')
      if (returnUrl === undefined) throw new ApiError('NOT_FOUND', 'no open challenge')
      return reply.redirect(returnUrl, 303)
    })
    done()
  })
}

function page(challenge: SandboxChallenge, language: keyof typeof TEXTS): string {
  const text = TEXTS[language]
  const amount = new Intl.NumberFormat(`${language}-CA`, { style: 'currency', currency: challenge.currency }).format(
    challenge.amount / 10 ** decimalsOf(challenge.currency),
  )
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/sandbox-bank/style.css">
</head>
<body>
<main>
<h1>${text.title}</h1>
<p>${text.lead}</p>
<dl><dt>${text.amount}</dt><dd>${amount}</dd></dl>
<form method="post">
<button name="answer" value="confirm">${text.confirm}</button>
<button name="answer" value="refuse">${text.refuse}</button>
</form>
</main>
</body>
</html>`
}
