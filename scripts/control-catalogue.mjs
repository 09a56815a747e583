// Makes apps/gateway/src/domain/reports/control-catalogue.json of the tables in docs/controls, which people read and write.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const FOLDER = `${ROOT}docs/controls/`
const FILE = 'apps/gateway/src/domain/reports/control-catalogue.json'

/** The cells of a table's row, without the marks of code. */
const cellsOf = (line) =>
  line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())

/** The files that a cell names. */
const filesIn = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, file]) => file)

/** The catalogue as the pages have it now. @returns {string} JSON */
function controlCatalogue() {
  const readme = readFileSync(`${FOLDER}README.md`, 'utf8')
  const [, date] = /^Catalogue of (\d{4}-\d{2}-\d{2})\.$/m.exec(readme) ?? []
  if (!date) throw new Error('docs/controls/README.md does not say of when the catalogue is')
  const catalogues = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .map((name) => {
      const lines = readFileSync(FOLDER + name, 'utf8').split('\n')
      const rows = lines
        .filter((line) => line.startsWith('|') && !/^\|[\s|:-]+$/.test(line))
        .map(cellsOf)
        .slice(1)
      const controls = rows.map((cells) => {
        const [control, asks, where = '', tests = ''] = cells
        return { control, asks, where: filesIn(where), tests: filesIn(tests), state: cells.at(-1) }
      })
      return { id: name.slice(0, -3), title: (lines[0] ?? '').replace(/^# /, ''), controls }
    })
  const version = createHash('sha256').update(JSON.stringify(catalogues)).digest('hex').slice(0, 12)
  return `${JSON.stringify({ version, date, catalogues }, null, 2)}\n`
}

if (process.argv.includes('--print')) process.stdout.write(controlCatalogue())
else writeFileSync(ROOT + FILE, controlCatalogue())
