import ts from 'typescript'
import { importOf, isCode, isTest, nameOf, ownerOf, visit } from './source-tree.mjs'

const READS_ENVIRONMENT = [
  /^(?:apps\/(?:gateway|cli|scanner)|examples\/[^/]+)\/src\/config\.ts$/,
  /^packages\/sdk\/src\/(?:key-source|from-environment)\.ts$/, // Where a merchant has them read variables, which are named there.
  /^packages\/sdk\/src\/testing\/testing\.ts$/, // It refuses to start in production, whoever configured that.
  /^(?:[^/]+\/[^/]+\/)?scripts\//,
  /^vitest\.config\.ts$/,
]

/** `process.env` outside the one file of each program that reads its settings. */
export function environmentReads(sources) {
  return findIn(sources, READS_ENVIRONMENT, (node) => {
    if (!readsEnvironment(node)) return undefined
    return {
      what: 'the environment is read here',
      why: 'a setting that is read in passing is checked by nobody and shown in no help',
      todo: "read it in the program's config.ts and hand the value down as a parameter",
    }
  })
}

function readsEnvironment(node) {
  if (nameOf(node) === 'env' && ownerOf(node) === 'process') return true
  const taken = importOf(node)
  if (taken && /^(?:node:)?process$/.test(taken.from)) return taken.names.includes('env')
  return (
    ts.isVariableDeclaration(node) &&
    ts.isObjectBindingPattern(node.name) &&
    node.initializer !== undefined &&
    nameOf(node.initializer) === 'process' &&
    node.name.elements.some((element) => (element.propertyName ?? element.name).text === 'env')
  )
}

/** The guards themselves, the merchant's own client, pages in a browser, which is not ours to guard, and tools. */
const GOES_OUT = [
  /^apps\/gateway\/src\/outbound\//,
  /^packages\/sdk\//,
  /^packages\/vault\/src\/key-sources\/transit-client\.ts$/, // Its own guards: https, verified certificates, a time limit.
  /^apps\/(?:checkout|dashboard)\/src\//,
  /^examples\/[^/]+\/public\//,
  /^apps\/cli\/src\/doctor\/probe\.ts$/, // Asks the installation itself, as anybody outside could.
  /^apps\/scanner\/src\/probes\/ask\.ts$/, // Asks a site that its owner names, within a budget of requests.
  /^(?:scripts|bench)\//,
]
const WEB_CLIENTS = new Set(['fetch', 'XMLHttpRequest', 'EventSource', 'WebSocket'])
const CLIENT_FUNCTIONS = new Set(['request', 'get', 'connect', '*'])

/** Outgoing HTTP outside the folder whose guards it has to pass. */
export function outgoingRequests(sources) {
  return findIn(sources, GOES_OUT, (node) => {
    const how = wayOut(node)
    if (how === undefined) return undefined
    return {
      what: `${how} goes out from here`,
      why: 'it passes none of the guards: checked address, checked certificate, time limit',
      todo: 'use Outbound of apps/gateway/src/outbound',
    }
  })
}

function wayOut(node) {
  const taken = importOf(node)
  if (taken?.from === 'undici') return 'undici'
  if (taken && /^(?:node:)?(?:https?|http2)$/.test(taken.from)) {
    const used = taken.names.find((name) => CLIENT_FUNCTIONS.has(name))
    return used === undefined ? undefined : `${used} of ${taken.from}`
  }
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return undefined
  const name = nameOf(node.expression)
  const owner = ownerOf(node.expression)
  const isGlobal = ts.isIdentifier(node.expression) || owner === 'globalThis' || owner === 'window'
  return isGlobal && WEB_CLIENTS.has(name) ? name : undefined
}

const CLOCKS = new Set(['Date.now', 'performance.now', 'process.hrtime', 'hrtime.bigint'])

/** A look at the real clock within the domain. */
export function clocksInTheDomain(sources) {
  const domain = sources.filter(({ path }) => path.startsWith('apps/gateway/src/domain/'))
  return findIn(domain, [], (node) => {
    if (!looksAtTheClock(node)) return undefined
    return {
      what: 'the domain looks at the real clock',
      why: 'what depends on the time cannot be tested, and two looks in one request differ',
      todo: 'take the time from the caller or a Clock parameter',
    }
  })
}

function looksAtTheClock(node) {
  if (ts.isCallExpression(node)) {
    const name = nameOf(node.expression)
    if (CLOCKS.has(`${ownerOf(node.expression)}.${name}`)) return true
    return ts.isIdentifier(node.expression) && name === 'Date'
  }
  return ts.isNewExpression(node) && nameOf(node.expression) === 'Date' && (node.arguments ?? []).length === 0
}

/** @returns {import('./source-tree.mjs').Finding[]} of all code but tests and what matches `allowed` */
function findIn(sources, allowed, judge) {
  const findings = []
  for (const source of sources) {
    if (!isCode(source) || isTest(source) || allowed.some((pattern) => pattern.test(source.path))) continue
    visit(source, (node, line) => {
      const found = judge(node)
      if (found) findings.push({ file: source.path, line: line(), ...found })
    })
  }
  return findings
}
