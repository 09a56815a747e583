const EXACT = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/
const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides']

/** A dependency whose version is a range. */
export function looseVersions(sources) {
  return sources
    .filter(({ path }) => /(?:^|\/)package\.json$/.test(path))
    .flatMap(({ path, text }) => {
      const manifest = JSON.parse(text)
      const entries = SECTIONS.flatMap((section) => Object.entries(manifest[section] ?? {}))
      return entries
        .filter(([, version]) => typeof version === 'string' && !EXACT.test(version))
        .map(([name, version]) => ({
          file: path,
          line: lineOf(text, `"${name}": `),
          what: `${name} is not pinned: ${version}`,
          why: 'another day installs another program',
          todo: 'write the one version that was tested',
        }))
    })
}

/** An address in the lock file that says where a package was fetched from. */
export function fetchedFrom(sources) {
  return linesOf(
    sources.filter(({ path }) => /(?:^|\/)package-lock\.json$/.test(path)),
    /"resolved":\s*"(?:https?|git|file:\/)/,
    {
      what: 'the lock file names where a package was fetched from',
      why: 'it binds everybody to one registry, and tells of ours',
      todo: 'install with the .npmrc of this repository (omit-lockfile-registry-resolved)',
    },
  )
}

// Put together, so that this file does not find itself.
const REGISTRIES = [
  ['registry', 'npmjs'],
  ['registry', 'yarnpkg'],
  ['registry', 'npmmirror'],
  ['npm', 'pkg', 'github'],
]
const HOSTS = new RegExp(`\\b(?:${REGISTRIES.map((words) => words.join('\\.')).join('|')})\\.`, 'i')

/** The host of a package registry, anywhere. */
export function registryHosts(sources) {
  return linesOf(sources, HOSTS, {
    what: 'the host of a package registry',
    why: 'which registry is used is a matter of each machine',
    todo: 'leave it out',
  })
}

// The home of root, homes of users, and the folder that containers are usually given. Not a part of a longer path or URL.
const HOMES = new RegExp(`(?<![\\w.~$}-])/(?:${['root', 'home', 'work'].join('|')})/[\\w.-]`)

/** A path that exists on one machine alone. */
export function homePaths(sources) {
  return linesOf(sources, HOMES, {
    what: "a path of somebody's own machine",
    why: 'it leads nowhere on any other, and tells of this one',
    todo: 'make it relative to the repository, or take it as a setting',
  })
}

function linesOf(sources, pattern, about) {
  return sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [{ file: path, line: index + 1, ...about }] : [])),
  )
}

function lineOf(text, part) {
  return text.slice(0, Math.max(0, text.indexOf(part))).split('\n').length
}
