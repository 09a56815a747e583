import type { Node } from '../syntax/parse.ts'

/** What NestJS and routing-controllers hand to a parameter by its decorator. */
const BY_DECORATOR: Readonly<Record<string, string>> = {
  Query: '@request.query',
  QueryParam: '@request.query',
  QueryParams: '@request.query',
  Param: '@request.params',
  Params: '@request.params',
  Body: '@request.body',
  BodyParam: '@request.body',
  Headers: '@request.headers',
  HeaderParam: '@request.headers',
  Cookies: '@request.cookies',
  CookieParam: '@request.cookies',
  Req: '@request',
  Request: '@request',
  Res: '@response',
  Response: '@response',
}
/** Pipes that let only numbers, truths, identifiers or members of a list through. */
const STRICT_PIPE = /^Parse(?:Int|Float|Bool|UUID|Enum|Date)Pipe$/

/**
 * The path of what a decorator puts into a parameter: `@Query('sort') order` is `@request.query.sort`; undefined where it
 * has no such decorator, or one with a pipe that makes something else of it.
 */
export function decoratedParam(param: Node): string | undefined {
  const decorators = 'decorators' in param ? (param.decorators as readonly Node[]) : []
  for (const decorator of decorators) {
    const call = decorator.type === 'Decorator' ? decorator.expression : undefined
    if (call?.type !== 'CallExpression' || call.callee.type !== 'Identifier') continue
    const path = Object.hasOwn(BY_DECORATOR, call.callee.name) ? BY_DECORATOR[call.callee.name] : undefined
    if (path === undefined || call.arguments.some(isStrictPipe)) continue
    const [name] = call.arguments
    return name?.type === 'Literal' && typeof name.value === 'string' ? `${path}.${name.value}` : path
  }
  return undefined
}

function isStrictPipe(node: Node): boolean {
  if (node.type === 'NewExpression') return isStrictPipe(node.callee)
  return node.type === 'Identifier' && STRICT_PIPE.test(node.name)
}
