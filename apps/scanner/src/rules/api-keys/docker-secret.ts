import { isRealSecret, isSecretName } from '../../engine/data/secret-setting.ts'
import type { Setting } from '../../engine/data/setting.ts'
import type { Rule } from '../../engine/rule.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'

export const rule: Rule = {
  id: 'docker-secret',
  practice: 3,
  severity: 'high',
  title: 'A secret is written into an image or a deployment file',
  why: 'What ENV, ARG or COPY brings into an image stays in its layers: whoever may pull the image reads it with `docker history`, also where a later line removes it. What stands in a compose file or a manifest is read by everybody with the repository.',
  mend: 'Replace the secret, which has to be taken as known. Give it to the container when it starts (`secrets:` of compose, `secretKeyRef`), and to a build by `RUN --mount=type=secret`.',
  before: 'ENV DB_PASSWORD=c8fK2…',
  after: 'RUN --mount=type=secret,id=npm_token npm ci\n# DB_PASSWORD_FILE=/run/secrets/db_password when it starts',
  language: 'dockerfile',
  controls: { pci: ['8.6.2'], asvs: ['13.3.1'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'example', 'template', 'vendored'],
  on: { settings: checkSetting, text: { kinds: ['dockerfile'], check: checkCopies } },
}

function checkSetting(setting: Setting, scan: FileScan): void {
  const { source, start, end, valueStart, valueEnd } = setting
  if (scan.isComment(start)) return
  const what =
    source === 'dockerfile' ? ofDockerfile(setting, scan) : source === 'yaml' ? ofManifest(setting, scan) : undefined
  if (what === undefined) return
  scan.report({
    at: { start, end },
    message: what,
    secret: [{ start: valueStart, end: valueEnd }],
  })
}

function ofDockerfile({ name, value, start }: Setting, scan: FileScan): string | undefined {
  if (!isSecretName(name)) return undefined
  const line = scan.lineAt(start)
  // Of a multi-stage build the stage that is thrown away may have it, but its cache and its history are kept as well.
  if (/^\s*ENV\b/i.test(line) || !/^\s*(?:ARG|RUN|CMD|ENTRYPOINT)\b/i.test(line)) {
    if (isRealSecret(value)) return `${name} is a layer of the image; give it to the container when it starts`
    return /^["']?\$\{?[A-Za-z_]\w*\}?["']?$/.test(value)
      ? `${name} comes from a build argument and stays in the image; mount it as a secret of the build`
      : undefined
  }
  if (!isRealSecret(value)) return undefined
  return `${name} stands in the history of the image; mount it as a secret of the build`
}

const FOR_DEVELOPMENT =
  /(?:^|[/.\-_])(?:dev|develop|development|local|test|tests|testing|ci|e2e|override)(?:[/.\-_]|$)/i
const ENCRYPTED = /^(?:AgA|ENC\[|vault:|\$ANSIBLE_VAULT|-----BEGIN PGP MESSAGE)/

function ofManifest({ name, path, value, start }: Setting, scan: FileScan): string | undefined {
  const { text, path: file } = scan.file
  if (FOR_DEVELOPMENT.test(file)) return undefined
  if (isCompose(file, text)) {
    if (!path.includes('environment') && !path.includes('args')) return undefined
    return isSecretName(name) && isRealSecret(value)
      ? `${name} has its value in the compose file; use \`secrets:\` or a variable`
      : undefined
  }
  if (!/^kind:[ \t]*\w+/m.test(text)) return undefined
  if (name === 'value' && path.includes('env')) {
    const variable = /\bname:[ \t]*["']?(\w+)["']?[ \t]*\n[ \t]*$/.exec(
      text.slice(Math.max(0, start - 200), start),
    )?.[1]
    return variable !== undefined && isSecretName(variable) && isRealSecret(value)
      ? `${variable} has its value in the manifest; use secretKeyRef`
      : undefined
  }
  const [first] = path
  if (!/^kind:[ \t]*Secret\b/m.test(text) || (first !== 'data' && first !== 'stringData')) return undefined
  const plain = first === 'data' ? Buffer.from(value, 'base64').toString('utf8') : value
  if (ENCRYPTED.test(value) || !isRealSecret(plain)) return undefined
  return `${name} of a Secret stands in the repository; seal it, or keep it in a secret store`
}

function isCompose(file: string, text: string): boolean {
  return /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/i.test(file) || /^services:[ \t]*$/m.test(text)
}

const COPY = /^[ \t]*(?:COPY|ADD)[ \t]+(?:--(?:chown|chmod|link)\S*[ \t]+)*([^\n]+)$/gim
/** Files that hold secrets and nothing else. */
const SECRET_FILE =
  /^(?:\.\/)?(?:[\w.-]+\/)*(?:\.env(?:\.(?:local|prod|production|live|staging))?|id_rsa|id_ed25519|id_ecdsa|\.netrc|\.pgpass|[\w.-]*(?:private|secret)[\w.-]*\.(?:key|pem)|service-account[\w.-]*\.json)$/i

function checkCopies(scan: FileScan): void {
  for (const match of scan.file.text.matchAll(COPY)) {
    const [whole, rest = ''] = match
    const words = rest.trim().split(/[ \t]+/)
    for (const source of words.slice(0, -1)) {
      if (!SECRET_FILE.test(source)) continue
      const start = match.index + whole.lastIndexOf(rest) + rest.indexOf(source)
      scan.report({
        at: { start, end: start + source.length },
        message: `${source} becomes a layer of the image; leave it out (.dockerignore) and mount it when it is needed`,
      })
    }
  }
}
