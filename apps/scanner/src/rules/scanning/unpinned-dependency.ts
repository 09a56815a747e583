import { basename } from 'node:path/posix'
import { readJson, type JsonMember } from '../../engine/data/json.ts'
import type { Rule } from '../../engine/rule.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'

const LISTS = new Set(['dependencies', 'devDependencies', 'optionalDependencies'])
const LOCKFILES = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb']

export const rule: Rule = {
  id: 'unpinned-dependency',
  practice: 12,
  severity: 'medium',
  title: 'A dependency is whatever was published last',
  why: 'What is installed tomorrow is not what was reviewed and scanned today. One package that is taken over reaches every machine that installs it, and from there the payment page; which version ran on a given day cannot be said afterwards.',
  mend: 'Name one version, commit the lockfile and install with `npm ci`. Name base images by version and digest, and actions by the hash of a commit; have a bot propose the updates.',
  before: '{ "dependencies": { "express": "latest", "cors": "*" } }',
  after: '{ "dependencies": { "express": "5.2.1", "cors": "2.8.5" } }',
  language: 'json',
  controls: { pci: ['6.3.2', '6.3.3'], asvs: ['15.1.2'], gdpr: ['32(1)(b)'] },
  silentIn: ['test', 'fixture', 'documentation', 'example', 'vendored', 'lockfile', 'template'],
  words: ['ependencies"', 'FROM', 'from', 'image', 'uses'],
  on: { text: { kinds: ['json', 'dockerfile', 'yaml'], check: checkText } },
}

function checkText(scan: FileScan): void {
  const { kind, path } = scan.file
  if (kind === 'dockerfile') checkImages(scan)
  else if (kind === 'yaml') checkYaml(scan)
  else if (basename(path) === 'package.json') checkManifest(scan)
}

function checkManifest(scan: FileScan): void {
  const { text } = scan.file
  const root = readJson(text)
  if (root?.kind !== 'object') return
  const isApplication = root.members.some(({ key, value }) => key === 'private' && textAt(text, value) === 'true')
  const ranges: JsonMember[] = []
  for (const { key: list, value: members } of root.members) {
    if (!LISTS.has(list) || members.kind !== 'object') continue
    for (const member of members.members) {
      const version = textAt(text, member.value)
      const open = openVersion(version)
      if (open !== undefined) {
        scan.report({
          at: { start: member.keyStart, end: member.value.end },
          message: `${member.key} is ${open}; name one version`,
        })
      } else if (list === 'dependencies' && /^[~^]|^\d+(?:\.\d+)?$|\.x\b/.test(version)) ranges.push(member)
    }
  }
  const [first] = ranges
  if (!first || !isApplication || LOCKFILES.some((name) => scan.hasNear(name))) return
  scan.report({
    at: { start: first.keyStart, end: first.value.end },
    severity: 'low',
    message:
      ranges.length === 1
        ? `${first.key} is a range of versions, and no lockfile says which one is meant; commit the lockfile`
        : `${first.key} and ${ranges.length - 1} more are ranges of versions, and no lockfile says which ones are meant; commit the lockfile`,
  })
}

/** Why a version is one that anybody can change from outside; undefined where it is not. */
function openVersion(version: string): string | undefined {
  if (/^(?:\*|x|X|latest|)$/.test(version)) return 'any version at all'
  if (/^>=?[^<]*$/.test(version)) return 'any newer version'
  if (/^(?:next|canary|beta|alpha|nightly|dev|rc|edge|main|master)$/.test(version)) return 'what a tag names that moves'
  if (/^(?:git\+|git:|github:|gitlab:|bitbucket:|https?:\/\/[^#]*\.git\b|[\w.-]+\/[\w.-]+(?:#|$))/.test(version))
    return isCommitOrVersion(version) ? undefined : 'the head of a branch'
  return undefined
}

function isCommitOrVersion(version: string): boolean {
  return /#(?:[0-9a-f]{7,40}|v?\d+\.\d+[\w.-]*|semver:[\w.^~-]+|[\w./-]+@\d+\.\d+[\w.-]*)$/.test(version)
}

function textAt(text: string, { start, end }: { start: number; end: number }): string {
  return text.slice(start, end).replace(/^["']|["']$/g, '')
}

const FROM = /^[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?(\S+)(?:[ \t]+AS[ \t]+(\S+))?/gim

function checkImages(scan: FileScan): void {
  const { text } = scan.file
  const stages = new Set(['scratch'])
  for (const match of text.matchAll(FROM)) {
    const [whole, image = '', stage] = match
    const start = match.index + whole.indexOf(image)
    if (!stages.has(image.toLowerCase())) reportImage(scan, { image, start })
    if (stage !== undefined) stages.add(stage.toLowerCase())
  }
}

/** An image without a tag, or with the one that moves. What a variable names is not known here. */
function reportImage(scan: FileScan, { image, start }: { image: string; start: number }): void {
  if (image.includes('$') || image.includes('@sha256:') || scan.isComment(start)) return
  const tag = /:([\w.-]+)$/.exec(image)?.[1]
  if (tag !== undefined && !/^(?:latest|stable|edge|nightly|main|master)$/.test(tag)) return
  const what = tag === undefined ? 'has no tag, which means latest' : `has the tag ${tag}, which moves`
  scan.report({
    at: { start, end: start + image.length },
    message: `The image ${what}; name a version and a digest`,
  })
}

const IMAGE = /^[ \t]*(?:-[ \t]+)?image:[ \t]*["']?([a-z0-9][\w./:@-]*)["']?[ \t]*(?:#[^\n]*)?$/gm
const ACTION = /^[ \t]*(?:-[ \t]+)?uses:[ \t]*["']?([\w.-]+\/[\w./-]+)@([\w./-]+)["']?/gm

function checkYaml(scan: FileScan): void {
  const { text, path } = scan.file
  if (/^[ \t]*uses:/m.test(text) || path.includes('.github/')) {
    for (const match of text.matchAll(ACTION)) {
      const [whole, action = '', version = ''] = match
      if (!/^(?:main|master|develop|dev|latest|HEAD)$/.test(version)) continue
      const start = match.index + whole.indexOf(action)
      if (scan.isComment(start)) continue
      scan.report({
        at: { start, end: start + action.length + 1 + version.length },
        message: `The action is the head of ${version}; name the hash of a commit`,
      })
    }
    return
  }
  if (!/(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$|^(?:kind|services):/m.test(`${path}\n${text}`)) return
  for (const match of text.matchAll(IMAGE)) {
    const [whole, image = ''] = match
    // Compose builds what has `build:` beside it, and only calls it so.
    if (!buildsIt(text, match.index)) reportImage(scan, { image, start: match.index + whole.lastIndexOf(image) })
  }
}

/** Whether the entry that an `image:` belongs to has a `build:` as well. */
function buildsIt(text: string, at: number): boolean {
  const line = text.slice(at, !text.includes('\n', at) ? undefined : text.indexOf('\n', at))
  const indent = /^[ \t]*/.exec(line)?.[0] ?? ''
  const before = linesWhile(text.slice(0, at).split('\n').slice(0, -1).reverse(), indent)
  const after = linesWhile(text.slice(at).split('\n').slice(1), indent)
  return [...before, ...after].some((each) => each.startsWith(`${indent}build:`))
}

function linesWhile(lines: readonly string[], indent: string): readonly string[] {
  const end = lines.findIndex((line) => line.trim() !== '' && !line.startsWith(indent))
  return end < 0 ? lines : lines.slice(0, end)
}
