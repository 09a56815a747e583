import type { ScannedFile } from '../scan/file-scan.ts'

const IN_LOGS = /(?:^|\/)(?:logs?|var\/log)\//i
const NAMED_SO =
  /(?:^|\/)(?:nohup\.out|syslog|(?:access|error|debug)_log|[^/]+\.(?:log|out|err)(?:[.-]\d[\d-]*)?(?:\.txt)?)$/i

/** Whether a program wrote a file line by line to tell what it did: by its name, or by the folder that it lies in. */
export function isLogFile({ path, kind }: Pick<ScannedFile, 'path' | 'kind'>): boolean {
  if (kind === 'log') return true
  return (kind === 'text' || kind === 'data' || kind === 'json') && (NAMED_SO.test(path) || IN_LOGS.test(path))
}
