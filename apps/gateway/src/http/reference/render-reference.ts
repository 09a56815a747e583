import { FAILURES } from '@ucanpay/wire/failures'
import type { Description } from './describe-routes.ts'

export const REFERENCE_STYLE = `:root{color-scheme:light dark}
body{margin:0;font:1rem/1.6 system-ui,sans-serif;background:light-dark(#fff,#12151b);color:light-dark(#171a21,#f2f4f8)}
a{color:light-dark(#1a46bd,#9db8ff)}
nav{position:sticky;top:0;background:inherit;border-bottom:1px solid light-dark(#d9dde5,#333a47);padding:.75rem 1.5rem;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
nav a{min-height:1.75rem}
main{max-width:60rem;margin:0 auto;padding:1rem 1.5rem 6rem}
h1{margin:1rem 0 0}h2{margin-top:3rem}
section{margin-top:2.5rem;scroll-margin-top:6rem}
h3{display:flex;flex-wrap:wrap;gap:.75rem;align-items:baseline;margin-bottom:.25rem}
code{font:.9375em/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
.method{font-size:.875rem;padding:.125rem .5rem;border-radius:.375rem;background:light-dark(#e3eaff,#24324f)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}
th,td{text-align:left;vertical-align:top;padding:.375rem .75rem .375rem 0;border-bottom:1px solid light-dark(#e5e8ee,#2a303b)}
th{font-weight:600}`

type Schema = Readonly<Record<string, unknown>>

/** Renders the API's description as one readable page, without a script. Every text in it is our own and is escaped. */
export function renderReference(description: Description): string {
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const links = operations.map(
    ({ path, operation }) => `<a href="#${escape(operation['operationId'])}"><code>${escape(path)}</code></a>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>UCanPay API reference</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/reference.css">
</head>
<body>
<nav aria-label="Endpoints">${links.join('')}<a href="#failures">Failures</a></nav>
<main>
<h1>UCanPay API reference</h1>
<p>${escape(description.info['description'])} For programs: <a href="/openapi.json">openapi.json</a>.</p>
${operations.map(renderOperation).join('\n')}
<section id="failures"><h2>Failures</h2>${renderFailures()}</section>
</main>
</body>
</html>`
}

function renderOperation({ path, method, operation }: { path: string; method: string; operation: Schema }): string {
  const body = at(operation, 'requestBody', 'content', 'application/json', 'schema')
  const success = at(operation, 'responses', '200', 'content', 'application/json', 'schema')
  const scope = operation['x-scope']
  return `<section id="${escape(operation['operationId'])}">
<h3><span class="method">${escape(method.toUpperCase())}</span><code>${escape(path)}</code></h3>
<p>${escape(operation['summary'])}.${scope === undefined ? '' : ` Needs the scope <code>${escape(scope)}</code>.`}</p>
${body ? `<h4>Body</h4>${renderMembers(body)}` : ''}
${operation['parameters'] ? `<h4>Parameters</h4>${renderParameters(operation['parameters'] as Schema[])}` : ''}
${success ? `<h4>Answer: <code>data</code></h4>${renderMembers(at(success, 'properties', 'data') ?? success)}` : ''}
</section>`
}

function renderMembers(schema: Schema): string {
  const required = (schema['required'] ?? []) as readonly string[]
  const members = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
  return table(members.map(([name, member]) => [name, required.includes(name), member]))
}

function renderParameters(parameters: readonly Schema[]): string {
  return table(
    parameters.map((parameter) => [
      String(parameter['name']),
      parameter['required'] === true,
      { ...(parameter['schema'] as Schema), description: parameter['description'] },
    ]),
  )
}

function table(rows: readonly (readonly [string, boolean, Schema])[]): string {
  const lines = rows.map(
    ([name, required, member]) =>
      `<tr><td><code>${escape(name)}</code>${required ? '' : ' <small>optional</small>'}</td><td>${escape(bounds(member))}</td><td>${escape(member['description'] ?? '')}</td></tr>`,
  )
  return `<div class="scroll"><table><thead><tr><th scope="col">Member</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>${lines.join('')}</tbody></table></div>`
}

/** A member's type with its limits, in words. */
function bounds(member: Schema): string {
  const values = member['enum'] as readonly string[] | undefined
  if (values)
    return values.length > 12
      ? `one of ${values.length} codes, e.g. ${values.slice(0, 3).join(', ')}`
      : values.join(' · ')
  const limit = (words: string, name: string, after = ''): string =>
    typeof member[name] === 'number' ? `${words} ${member[name]}${after}` : ''
  const limits = [limit('from', 'minimum'), limit('to', 'maximum'), limit('at most', 'maxLength', ' characters')]
  const type = typeof member['type'] === 'string' ? member['type'] : ''
  return [type, ...limits].filter(Boolean).join(' ')
}

function renderFailures(): string {
  const rows = Object.entries(FAILURES).map(
    ([msg, { statuses, message }]) =>
      `<tr><td><code>${msg}</code></td><td>${statuses.join(', ')}</td><td>${escape(message)}</td></tr>`,
  )
  return `<div class="scroll"><table><thead><tr><th scope="col">msg</th><th scope="col">Status</th><th scope="col">message</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

function at(schema: Schema, ...path: readonly string[]): Schema | undefined {
  let value: unknown = schema
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Schema)[name]
  }
  return value as Schema | undefined
}

function escape(value: unknown): string {
  return String(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
