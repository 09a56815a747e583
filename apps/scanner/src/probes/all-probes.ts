import { BROWSER_PROBES } from './browser.ts'
import { CERTIFICATE_PROBES } from './certificate.ts'
import { CONNECTION_PROBES } from './connection.ts'
import { POLICY_PROBES } from './content-security-policy.ts'
import { COOKIE_PROBES } from './cookies.ts'
import { ERROR_PROBES } from './error-pages.ts'
import { FILE_PROBES } from './files.ts'
import { HEADER_PROBES } from './headers.ts'
import { PAGE_PROBES } from './page.ts'
import type { Probe } from './probe.ts'
import { SCRIPT_PROBES } from './served-scripts.ts'

/** Every probe, by what it looks at. */
export const ALL_PROBES: readonly Probe[] = [
  ...CONNECTION_PROBES,
  ...CERTIFICATE_PROBES,
  ...HEADER_PROBES,
  ...POLICY_PROBES,
  ...BROWSER_PROBES,
  ...COOKIE_PROBES,
  ...ERROR_PROBES,
  ...SCRIPT_PROBES,
  ...PAGE_PROBES,
  ...FILE_PROBES,
]
