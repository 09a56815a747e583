import ts from 'typescript'
import { isCode, isTest, nameOf, ownerOf, visit } from './source-tree.mjs'

const METHODS = new Set(['get', 'head', 'post', 'put', 'patch', 'delete', 'options', 'all', 'route'])

/** A route that does not say who may call it. The start-up refuses it too; this finds one that no test starts. */
export function routesWithoutAccess(sources) {
  const findings = []
  for (const source of sources) {
    if (!/^apps\/gateway\/src\/(?:http|roles)\//.test(source.path) || !isCode(source) || isTest(source)) continue
    visit(source, (node, line) => {
      if (!isRoute(node) || saysAccess(node)) return
      findings.push({
        file: source.path,
        line: line(),
        what: 'a route without access',
        why: 'nobody has decided who may call it',
        todo: 'write `config: { access: … }` in the call itself; see Access in apps/gateway/src/http/app.ts',
      })
    })
  }
  return findings
}

function isRoute(node) {
  return ts.isCallExpression(node) && ownerOf(node.expression) === 'app' && METHODS.has(nameOf(node.expression))
}

function saysAccess(call) {
  const options = call.arguments[nameOf(call.expression) === 'route' ? 0 : 1]
  const config = options && memberOf(options, 'config')
  return config !== undefined && memberOf(config, 'access') !== undefined
}

function memberOf(node, name) {
  if (!ts.isObjectLiteralExpression(node)) return undefined
  const member = node.properties.find((property) => property.name !== undefined && property.name.text === name)
  if (member === undefined) return undefined
  return ts.isPropertyAssignment(member) ? member.initializer : member.name
}
