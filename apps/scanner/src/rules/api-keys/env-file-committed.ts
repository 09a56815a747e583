import { basename } from 'node:path/posix'
import { isRealSecret, isSecretName } from '../../engine/data/secret-setting.ts'
import { settingsOf } from '../../engine/data/settings.ts'
import type { Rule } from '../../engine/rule.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'

const FOR_TESTS = /\.(?:test|testing|ci|e2e|dev|development|local)$/i

export const rule: Rule = {
  id: 'env-file-committed',
  practice: 3,
  severity: 'high',
  title: 'An environment file with secrets in it is kept with the code',
  why: 'Everybody with a copy of the repository, and every image and backup made of it, has the secrets of the environment. They cannot be replaced without a commit, and stay in the history after that.',
  mend: 'Put `.env` into .gitignore, take it out of version control (`git rm --cached .env`), replace every secret in it, and commit a `.env.example` that has the names without the values.',
  before: '# .env, not in .gitignore\nJWT_SECRET=f3b1…',
  after: '# .gitignore\n.env\n\n# .env.example\nJWT_SECRET=',
  language: 'sh',
  controls: { pci: ['8.6.2'], asvs: ['13.3.1'], gdpr: ['32(1)(b)'] },
  silentIn: ['template', 'fixture', 'documentation', 'example', 'test', 'vendored'],
  on: { text: { kinds: ['env'], check: checkText } },
}

/** Reports a file once, at the first secret: it is the file that does not belong there. What .gitignore has is not scanned. */
function checkText(scan: FileScan): void {
  const secrets = settingsOf('env', scan.file.text).filter(
    ({ name, value, start }) => !scan.isComment(start) && holdsSecret(name, value),
  )
  const [first] = secrets
  if (!first) return
  const name = basename(scan.file.path)
  scan.report({
    at: { start: first.start, end: first.end },
    message: `${name} is not left out of version control, and ${first.name}${secrets.length > 1 ? ` and ${secrets.length - 1} more have` : ' has'} a value in it: ignore the file and replace the secrets`,
    secret: secrets.map(({ valueStart, valueEnd }) => ({ start: valueStart, end: valueEnd })),
    severity: FOR_TESTS.test(name) ? 'medium' : 'high',
  })
}

const SECRET_FORM = /^(?:ucp_[sr]k_|[sr]k_(?:live|test)_|whsec_|gh[pousr]_|xox[abp]-|SG\.|AKIA)[\w.+/-]{12}/
const PASSWORD_IN_ADDRESS = /^[a-z][a-z0-9+]{1,20}:\/\/[^\s:@/]{1,64}:([^\s@/]{6,128})@([^\s/:?]{1,255})/

function holdsSecret(name: string, value: string): boolean {
  if (SECRET_FORM.test(value)) return isRealSecret(value)
  const [, password, host = ''] = PASSWORD_IN_ADDRESS.exec(value) ?? []
  if (password !== undefined)
    return isRealSecret(password) && !/^(?:localhost|127\.[\d.]+|db|postgres|mysql|mongo|redis)$/i.test(host)
  return isSecretName(name) && !/\s/.test(value.trim()) && isRealSecret(value)
}
