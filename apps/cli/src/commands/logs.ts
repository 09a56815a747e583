import { setTimeout as sleep } from 'node:timers/promises'
import {
  findErrorRecords,
  type ErrorRecord,
  type ErrorSearch,
} from '@ucanpay/gateway/domain/error-records/error-record'
import { numberOf, optional, print, readArguments, secondsOf, shown } from '../command.ts'
import { withInstallation } from '../installation.ts'

export const LOGS_HELP = `ucanpay logs: the story behind a failed request

  ucanpay logs req_01…                       everything about one request
  ucanpay logs [--merchant ID] [--msg NAME] [--status CODE] [--since 24h] [--limit 50] [--follow] [--json]

Callers are told one fixed sentence and a request id; what really happened is here: names, rules, codes and places in our
code, never a value that was sent. Records are kept for 90 days.

  --msg SIGNERROR     one of the names in the API's reference
  --follow            goes on as failures happen; Ctrl-C ends it
  --json              a line of JSON each, for other programs`

const OPTIONS = {
  merchant: { type: 'string' },
  msg: { type: 'string' },
  status: { type: 'string' },
  since: { type: 'string' },
  limit: { type: 'string' },
  follow: { type: 'boolean' },
  json: { type: 'boolean' },
} as const
const LOOK_EVERY_MS = 1_000

/** `ucanpay logs …`. @returns the exit code: 1 where a request id is unknown */
export function logs(args: readonly string[]): Promise<number> {
  const given = readArguments(args, OPTIONS)
  const [requestId] = given.positionals
  const status = optional(given, 'status')
  const sinceS = requestId === undefined ? secondsOf(optional(given, 'since') ?? '24h', 'since') : 365 * 86_400
  const search: ErrorSearch = {
    requestId,
    merchantId: optional(given, 'merchant'),
    msg: optional(given, 'msg'),
    status: status === undefined ? undefined : numberOf(status, 'status', [400, 599]),
    since: new Date(Date.now() - sinceS * 1_000),
    limit: numberOf(optional(given, 'limit') ?? '50', 'limit', [1, 10_000]),
  }
  const show = given.values['json'] === true ? (record: ErrorRecord) => JSON.stringify(record) : describe
  return withInstallation(async ({ db }) => {
    const seen = new Set<string>()
    const found = await findErrorRecords(db, search)
    for (const record of found) {
      seen.add(record.requestId)
      print(show(record))
    }
    if (found.length === 0 && given.values['follow'] !== true) {
      process.stderr.write(
        requestId === undefined ? 'No request failed in that time.\n' : 'No record of this request.\n',
      )
      return requestId === undefined ? 0 : 1
    }
    while (given.values['follow'] === true) {
      await sleep(LOOK_EVERY_MS)
      const since = new Date(Date.now() - 10 * LOOK_EVERY_MS)
      for (const record of await findErrorRecords(db, { ...search, since, limit: 1_000 })) {
        if (seen.has(record.requestId)) continue
        seen.add(record.requestId)
        print(show(record))
      }
    }
    return 0
  })
}

function describe(record: ErrorRecord): string {
  const { error } = record as unknown as { error: Story }
  const lines = [
    `${record.at.toISOString()}  ${record.requestId}  ${record.status} ${record.msg}  ${record.method} ${shown(record.route)}`,
    record.merchantId === null
      ? ''
      : `  merchant ${record.merchantId} (${shown(record.mode)}), by ${shown(record.actor)}`,
    ...story(error),
  ]
  return lines.filter(Boolean).join('\n')
}

interface Story {
  readonly name: string
  readonly message?: string
  readonly code?: string
  readonly constraint?: string
  readonly failures?: readonly { pointer: string; rule: string }[]
  readonly stack?: string
  readonly cause?: Story
}

function story(error: Story, depth = 1): string[] {
  const indent = '  '.repeat(depth)
  const { name, message, code, constraint, failures = [], stack, cause } = error
  const named = [name, code, constraint && `constraint ${constraint}`].filter(Boolean).join(', ')
  return [
    `${indent}${shown(message ?? 'no words of ours')} (${shown(named)})`,
    ...failures.map(({ pointer, rule }) => `${indent}  ${shown(pointer || 'the whole body')}: ${shown(rule)}`),
    ...(stack === undefined
      ? []
      : stack
          .split('\n')
          .slice(0, 4)
          .map((frame) => `${indent}  ${shown(frame.trim())}`)),
    ...(cause ? [`${indent}because of`, ...story(cause, depth + 1)] : []),
  ]
}
