/**
 * Programs that npm does not bring: a browser for the tests, and Debian's own PostgreSQL. Found where they are installed;
 * else installed where we are root; else unpacked into the clone, which needs no rights at all.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

import { ROOT } from './bootstrap.mjs'

const PRIVATE = join(ROOT, '.cache', 'debian')
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const POSTGRES_HOME = 'usr/lib/postgresql'

/** For trying out the way without rights on a machine that has them: nothing that is installed is looked at. */
const isPrivateOnly = process.env.UCANPAY_PRIVATE_PACKAGES === '1'

/**
 * @returns {string} the path of a Chromium, installing it where there is none
 * @throws {Error} where it cannot be had; the message says what to do
 */
export function ensureChromium() {
  const given = process.env.UCANPAY_TEST_CHROMIUM
  if (given) return given
  const found = isPrivateOnly ? undefined : findOnPath(BROWSERS)
  if (found) return found

  if (mayInstall()) {
    install(['chromium', 'fonts-liberation'])
    const installed = findOnPath(BROWSERS)
    if (installed) return installed
    throw new Error('Chromium was installed and is not on the PATH.')
  }
  // chromium-common has the data that the browser looks for beside itself, so it is needed even where it is installed.
  const root = unpack('chromium', () => ['chromium', 'chromium-common', 'fonts-liberation'])
  return writeLauncher(root)
}

/**
 * @returns {{ binDir: string, libraryPath?: string }} where initdb and postgres are, and the LD_LIBRARY_PATH that they need
 * @throws {Error} where it cannot be had; the message says what to do
 */
export function ensurePostgres() {
  const found = isPrivateOnly ? undefined : findPostgresIn('/')
  if (found) return { binDir: found }

  if (mayInstall()) {
    keepFromStarting()
    install(['postgresql'])
    const installed = findPostgresIn('/')
    if (installed) return { binDir: installed }
    throw new Error('PostgreSQL was installed and is not below /usr/lib/postgresql.')
  }
  const root = unpack('postgresql', newestPostgres)
  const binDir = findPostgresIn(root)
  if (binDir) return { binDir, libraryPath: libraryPathOf(root) }
  throw new Error(`There is no PostgreSQL in ${root}. Remove that folder and try again.`)
}

/**
 * @returns {string} the folder of an `openssl`: the tests check what we sign and issue with a program that is not ours
 * @throws {Error} where it cannot be had; the message says what to do
 */
export function ensureOpenssl() {
  const found = isPrivateOnly ? undefined : findOnPath(['openssl'])
  if (found) return dirname(found)

  if (mayInstall()) {
    install(['openssl'])
    const installed = findOnPath(['openssl'])
    if (installed) return dirname(installed)
    throw new Error('openssl was installed and is not on the PATH.')
  }
  const root = unpack('openssl', () => ['openssl'])
  const folder = join(PRIVATE, 'openssl-launcher')
  mkdirSync(folder, { recursive: true })
  writeProgram(join(folder, 'openssl'), [
    `export LD_LIBRARY_PATH=${quote(libraryPathOf(root))}`,
    `exec ${quote(join(root, 'usr/bin/openssl'))} "$@"`,
  ])
  return folder
}

function mayInstall() {
  return process.geteuid?.() === 0 && !isPrivateOnly
}

function findOnPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}

/** The newest release below a root folder. */
function findPostgresIn(root) {
  const home = join(root, POSTGRES_HOME)
  if (!existsSync(home)) return undefined
  const releases = readdirSync(home).sort((a, b) => Number(b) - Number(a))
  return releases.map((release) => join(home, release, 'bin')).find((folder) => existsSync(join(folder, 'postgres')))
}

function install(packages) {
  say(`Installing ${packages.join(' and ')} with apt-get, which takes a minute or two.`)
  run('apt-get', ['update', '-qq'])
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages])
}

/** Debian's package makes a cluster and starts it at boot; we only want the programs. */
function keepFromStarting() {
  const file = '/etc/postgresql-common/createcluster.conf'
  if (existsSync(file)) return
  mkdirSync('/etc/postgresql-common', { recursive: true })
  writeFileSync(file, 'create_main_cluster = false\n')
}

/** The package called postgresql is empty and depends on the release that Debian has, such as postgresql-15. */
function newestPostgres(options) {
  const { stdout } = spawnSync('apt-cache', [...options, 'depends', 'postgresql'], { encoding: 'utf8' })
  const [name] = /postgresql-[0-9]+/.exec(stdout) ?? []
  if (!name) throw new Error('apt-cache knows no PostgreSQL.')
  return [name]
}

/**
 * Downloads packages and those of their dependencies that the machine lacks, and unpacks them into a folder of the clone.
 * None of their scripts run.
 *
 * @param {string} name of the folder
 * @param {(options: string[]) => string[]} choose the packages that are wanted in any case; asked once the lists are there
 * @returns {string} the folder that takes the place of /
 */
function unpack(name, choose) {
  const target = join(PRIVATE, name)
  if (existsSync(target)) return target

  say(`Downloading ${name} into .cache, since only root can install. It takes a minute or two.`)
  const lists = join(PRIVATE, 'lists')
  const cache = join(PRIVATE, 'cache', name)
  const unfinished = `${target}.new-${process.pid}`
  for (const folder of [join(lists, 'partial'), join(cache, 'archives', 'partial'), unfinished]) {
    mkdirSync(folder, { recursive: true })
  }
  const places = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${cache}`, '-o', 'Debug::NoLocking=1']
  // apt fetches as an account of its own where it is root, and that one cannot write here.
  const options = [...places, '-o', 'APT::Sandbox::User=', '-qq']
  run('apt-get', [...options, 'update'])
  const fetch = ['install', '-y', '--reinstall', '--download-only', '--no-install-recommends']
  run('apt-get', [...options, ...fetch, ...choose(options)])

  const archives = readdirSync(join(cache, 'archives')).filter((file) => file.endsWith('.deb') && !isLoader(file))
  for (const file of archives) run('dpkg', ['-x', join(cache, 'archives', file), unfinished])
  renameSync(unfinished, target)
  rmSync(cache, { recursive: true })
  return target
}

/** The C library and the program that loads it have to be of one release, and the latter is the machine's. */
function isLoader(file) {
  return file.startsWith('libc6_') || file.startsWith('libc-bin_')
}

/** Some packages keep libraries in a folder of their own, which they would find by its absolute path. */
function libraryPathOf(root) {
  const folders = []
  for (const top of ['lib', 'usr/lib']) {
    const base = join(root, top)
    if (!existsSync(base)) continue
    const triplets = readdirSync(base).filter((name) => /^[a-z0-9_]+-linux-gnu/.test(name))
    for (const triplet of triplets) {
      for (const own of ['', 'nss', 'pulseaudio', 'blas', 'lapack']) folders.push(join(base, triplet, own))
    }
  }
  return folders.filter((folder) => existsSync(folder)).join(delimiter)
}

/** Debian's own launcher has absolute paths in it, so this one takes its place. */
function writeLauncher(root) {
  const fontFolder = join(PRIVATE, 'fonts')
  mkdirSync(fontFolder, { recursive: true })
  writeFileSync(
    join(fontFolder, 'fonts.conf'),
    `<?xml version="1.0"?><fontconfig><dir>${root}/usr/share/fonts</dir><dir>/usr/share/fonts</dir>` +
      `<cachedir>${fontFolder}/cache</cachedir></fontconfig>\n`,
  )
  const launcher = join(PRIVATE, 'chromium-launcher')
  writeProgram(launcher, [
    `export LD_LIBRARY_PATH=${quote(libraryPathOf(root))}`,
    `export FONTCONFIG_PATH=${quote(fontFolder)}`,
    `exec ${quote(join(root, 'usr/lib/chromium/chromium'))} "$@"`,
  ])
  return launcher
}

function writeProgram(file, lines) {
  writeFileSync(file, `#!/bin/sh\n${lines.join('\n')}\n`)
  chmodSync(file, 0o755)
}

/** For sh. */
function quote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  const { status, error } = spawnSync(command, args, { env, stdio: ['ignore', 2, 2] })
  if (status === 0) return
  const remedy = 'Install chromium and PostgreSQL yourself, or set UCANPAY_TEST_CHROMIUM to a browser.'
  throw new Error(`${command} failed: ${args.join(' ')}. ${remedy}`, { cause: error })
}

function say(line) {
  process.stderr.write(`ucanpay: ${line}\n`)
}
