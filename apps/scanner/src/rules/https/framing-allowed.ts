import { isForStage } from '../../engine/flows/development-only.ts'
import {
  headerOfCall,
  headersOfObject,
  HELMETS,
  registeredHelmet,
  SETTERS,
  type WrittenHeader,
} from '../../engine/flows/page-headers.ts'
import type { Rule } from '../../engine/rule.ts'
import type { CallSite, CodeScan } from '../../engine/scan/code-scan.ts'
import { fixWrittenValue } from '../../engine/values/literal-fix.ts'
import { optionsOf, type Value } from '../../engine/values/value.ts'

const HEADERS = /^(?:x-frame-options|content-security-policy)$/i

export const rule: Rule = {
  id: 'framing-allowed',
  practice: 14,
  severity: 'medium',
  title: 'Any website may show the page in a frame of its own',
  why: 'A site that frames a payment or account page lays its own picture over it and lets a customer press what they do not see: a saved card pays, an address is changed. Nothing on your page shows that it is framed.',
  mend: "Leave helmet's defaults, or send `Content-Security-Policy: frame-ancestors 'none'` (or the origins that may frame it).",
  before: 'app.use(helmet({ frameguard: false }))',
  after: 'app.use(helmet({ contentSecurityPolicy: { directives: { frameAncestors: ["\'none\'"] } } }))',
  controls: { pci: ['6.2.4'], asvs: ['3.4.6'], gdpr: [] },
  fixes: "it turns helmet's own header on where it is written out as off.",
  silentIn: ['test', 'fixture', 'documentation', 'story', 'declaration', 'vendored', 'generated', 'development'],
  words: ['rame-', 'rameguard', 'FrameOptions', 'frameAncestors', 'Frame-', 'helmet'],
  on: {
    calls: [
      { to: HELMETS, check: (call, scan) => checkOptions(call.args[0], scan) },
      { to: ['*.register'], check: (call, scan) => checkOptions(registeredHelmet(call), scan) },
      { to: SETTERS, check: checkSetter },
    ],
    nodes: {
      ObjectExpression(node, scan) {
        for (const header of headersOfObject(node, HEADERS, scan)) checkHeader(header, scan)
      },
    },
  },
}

function checkSetter(call: CallSite, scan: CodeScan): void {
  const header = headerOfCall(call, HEADERS)
  if (header) checkHeader(header, scan)
}

/** Off is harmless where a policy of the same call names who may frame. */
function checkOptions(options: Value | undefined, scan: CodeScan): void {
  if (!options) return
  for (const policy of scan.members(options, 'contentSecurityPolicy')) {
    for (const directives of scan.members(policy.value, 'directives')) {
      const ancestors = ['frameAncestors', 'frame-ancestors'].flatMap((name) => scan.members(directives.value, name))
      for (const { value, origin } of ancestors) {
        const items = optionsOf(value).flatMap((option) => (option.kind === 'list' ? option.items : [option]))
        if (items.some((item) => item.kind === 'constant' && item.value === '*')) report(origin, scan)
      }
      if (ancestors.length > 0) return
    }
  }
  for (const name of ['frameguard', 'xFrameOptions']) {
    const members = scan.members(options, name)
    const [latest] = members
    const isOff = ({ value }: { value: Value }): boolean =>
      optionsOf(value).every((option) => option.kind === 'constant' && option.value === false)
    if (latest && members.every(isOff) && !isForStage(latest.origin) && isPolicyOff(options, scan))
      report(latest.origin, scan)
  }
}

/** Helmet's own policy says `frame-ancestors 'self'`, so that the old header is not missed while it is on. */
function isPolicyOff(options: Value, scan: CodeScan): boolean {
  return scan
    .members(options, 'contentSecurityPolicy')
    .some(({ value }) => optionsOf(value).some((option) => option.kind === 'constant' && option.value === false))
}

function checkHeader({ value, origin }: WrittenHeader, scan: CodeScan): void {
  const isOpen = /^\s*(?:allow-?all|allowany|none|\*)\s*$/i.test(value)
  const ancestors = /(?:^|;)\s*frame-ancestors\s([^;]*)/i.exec(value)?.[1] ?? ''
  if (!isOpen && !/(?:^|\s)\*(?:\s|$)/.test(ancestors)) return
  if ('module' in origin && isForStage(origin)) return
  report(origin, scan)
}

function report(origin: WrittenHeader['origin'], scan: CodeScan): void {
  const fix = 'module' in origin ? fixWrittenValue(origin, 'true') : undefined
  scan.report({ at: scan.placeOf(origin), ...(fix ? { fix } : {}) })
}
