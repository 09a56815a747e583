import { createHash } from 'node:crypto'

const FOLDER = 'apps/gateway/migrations/'
const LIST = `${FOLDER}released.json`

/** A migration that was changed, removed, or put before others, after it had been released. */
export function editedMigrations(sources) {
  const list = sources.find(({ path }) => path === LIST)
  if (!list) return [finding(LIST, 'the list of released migrations is missing', 'restore it')]
  const released = JSON.parse(list.text)
  const last = Object.keys(released).sort().at(-1) ?? ''
  const files = sources.filter(({ path }) => path.startsWith(FOLDER) && path.endsWith('.sql'))
  const texts = new Map(files.map(({ path, text }) => [path.slice(FOLDER.length), text]))
  const edited = Object.keys(released).filter((name) => texts.has(name) && hash(texts.get(name)) !== released[name])
  const missing = Object.keys(released).filter((name) => !texts.has(name))
  const late = [...texts.keys()].filter((name) => !(name in released) && name < last)
  return [
    ...edited.map((name) =>
      finding(FOLDER + name, 'a released migration was edited', 'restore it and write a new one'),
    ),
    ...missing.map((name) => finding(FOLDER + name, 'a released migration is gone', 'restore it')),
    ...late.map((name) =>
      finding(FOLDER + name, 'a new migration comes before a released one', 'number it after the last'),
    ),
  ]
}

/** Of the text with LF line ends, as the migration runner reckons it. @returns {string} SHA-256 in hexadecimal */
export function hash(text) {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
}

function finding(file, what, todo) {
  const why = 'databases that ran it stay as they are, so two gateways of one version would have two schemas'
  return { file, line: 1, what, why, todo }
}
