import type { SinkCall } from './sink-call.ts'

const MAILERS =
  '\\w*mail(?:er|service|client|provider|sender|transport(?:er)?)?s?|smtp\\w*|transport(?:er)?|postmark\\w*|mailgun\\w*|sgmail|sendgrid\\w*|resend\\w*|mandrill\\w*|mailjet\\w*|sparkpost\\w*|mailersend\\w*|ses'
const PARTS = 'messages|emails|email|batch|transmissions|mail|client'

/** Calls that send a mail: those of the libraries, and those of a project by the names that such functions have. */
export const MAIL_CALLS: readonly SinkCall[] = [
  // Nodemailer, Nest, AWS SES, Postmark, Brevo, MailerSend, and what wraps them.
  {
    kind: 'mail',
    pattern:
      /(?:^|[./~])(?:send|queue|deliver|enqueue)(?!Test|Fake|Mock)\w*(?:[eE]?[mM]ails?)(?:Async|Batch|Now|With\w+)?$/,
  },
  {
    kind: 'mail',
    pattern: new RegExp(
      `(?:^|[.~/ ])(?:${MAILERS})(?:\\(\\))?(?:\\.(?:${PARTS})(?:\\(\\))?)*\\.(?:send|sendMultiple|sendAsync|sendTemplate|sendNow|deliver|sendMessage)$`,
      'i',
    ),
  },
  {
    kind: 'mail',
    pattern:
      /^new (?:resend(?:\.Resend)?\.(?:emails|batch)|sparkpost\.transmissions|email-templates)\.send$|(?:^|[.~ ])(?:mailgun[\w.-]*(?:\.client)?\(\)|mg|mailgun\w*|new mailgun\.js\.client\(\))\.messages(?:\(\))?\.(?:create|send)$|^@mailchimp\/mailchimp_transactional\(\)\.messages\.send(?:Template)?$/i,
  },
  { kind: 'mail', pattern: /^@sendgrid\/mail\.(?:MailService\.)?(?:send|sendMultiple)$/ },
  { kind: 'mail', pattern: /^new @aws-sdk\/client-ses(?:v2)?\.Send(?:Bulk)?(?:Templated|Raw)?EmailCommand$/ },
  {
    kind: 'mail',
    pattern: /^(?:new )?node-mailjet(?:\.\w+(?:\(\))?)*\.post\(\)\.request$|^~?mailjet\.post\(\)\.request$/,
  },
  { kind: 'mail', pattern: /^(?:@emailjs\/browser|@emailjs\/nodejs|emailjs(?:-com)?)\.send$/, args: [2] },
  { kind: 'mail', pattern: /(?:^|[.~/])\w*mail\w*queue\.(?:add|push|enqueue|publish)$/i },
  // Strapi.
  { kind: 'mail', pattern: /\.(?:service\(\)|services\.email)\.send(?:TemplatedEmail)?$/ },
  // By the APIs of those who send mail.
  {
    kind: 'mail',
    pattern:
      /^(?:\$?fetch|cross-fetch|isomorphic-fetch|node-fetch|axios(?:\.(?:post|create\(\)\.post))?|(?:got|ky|superagent|needle)(?:\.post)?|undici\.(?:fetch|request)|request(?:\.post)?)$/,
    first:
      /api\.sendgrid\.com|api\.resend\.com|api\.(?:eu\.)?mailgun\.net|api\.postmarkapp\.com|api\.(?:brevo|sendinblue)\.com|api\.mailjet\.com|mandrillapp\.com|api\.mailersend\.com|api\.sparkpost\.com|api\.emailjs\.com|api\.zeptomail\./,
    args: [0, 1],
  },
]
