/**
 * What our code must not hold, line by line. Each rule says where it looks, what it refuses, and what to do instead.
 *
 * @typedef {{ name: string, files: RegExp, except?: RegExp, text: RegExp, advice: string }} LineRule
 */

const CODE = /\.(ts|tsx|mjs|js)$/
const TEST = /(\.test\.(ts|tsx|mjs)$|(^|\/)test\/|^vitest\.config\.ts$)/

/** @type {LineRule[]} */
export const LINE_RULES = [
  {
    name: 'environment',
    files: CODE,
    except: /(^scripts\/|(^|\/)config\.ts$|(^|\/)test\/|\.test\.|^vitest\.config\.ts$)/,
    text: /\bprocess\.env\b/,
    advice: 'Only config.ts reads the environment; take the value as a parameter.',
  },
  {
    name: 'outgoing-http',
    files: /^apps\/(gateway|cli)\/src\/.*\.ts$/,
    except: /(^apps\/gateway\/src\/outbound\/|\.test\.)/,
    text: /\bfetch\(|^import (?!type).*from '(undici|node:https?)'/,
    advice: 'Outgoing HTTP goes through src/outbound, which guards addresses and certificates.',
  },
  {
    name: 'certificates',
    files: CODE,
    except: /(\.test\.|(^|\/)test\/|^scripts\/tidy\/)/,
    text: /rejectUnauthorized:\s*false|env\S*NODE_TLS_REJECT_UNAUTHORIZED/,
    advice: 'Certificates are verified, always; add a CA instead.',
  },
  {
    name: 'clock',
    files: /^apps\/gateway\/src\/domain\/.*\.ts$/,
    except: TEST,
    text: /\bDate\.now\(\)|new Date\(\)(?!\.toISOString\(\)\.slice)/,
    advice: 'Take the time from the caller or from a Clock.',
  },
  {
    name: 'skipped-test',
    files: TEST,
    text: /\b(test|it|describe)\.(only|skip|todo)\(/,
    advice: 'Mend the test or take it out.',
  },
  {
    name: 'machine-path',
    files: /./,
    except: /^scripts\/tidy\//,
    text: /(^|[\s"'`(=])\/(root|home|work)\/[a-z]/,
    advice: 'Name no path of a machine.',
  },
  {
    name: 'download-address',
    files: /^package-lock\.json$/,
    text: /"resolved": "https?:/,
    advice: 'Install with omit-lockfile-registry-resolved.',
  },
  {
    name: 'unpinned',
    files: /(^|\/)package\.json$/,
    text: /^\s+"(?!node"|npm"|version)[@a-z][^"]*": "[\^~><*]/,
    advice: 'Pin the version exactly.',
  },
]

/** Names that say nothing: whatever lives there has a noun that is missing. */
export const EMPTY_NAMES = /(^|[/-])(utils?|helpers?|common|managers?|services?)([./-]|$)/

/** A file that only passes on what others export. Package entries are the exception. */
export const BARREL = /^(\s*(export\s+(type\s+)?(\*|\{[^}]*\})\s+from\s+'[^']+'\s*)+)$/

/** The findings in one file, as lines that a person reads. */
export function findIn(path, text) {
  const findings = []
  if (EMPTY_NAMES.test(path) && CODE.test(path)) findings.push(`${path}: name: call it by the noun that it is about.`)
  if (/(^|\/)index\.tsx?$/.test(path) && path !== 'packages/sdk/src/index.ts' && BARREL.test(text)) {
    findings.push(`${path}: barrel: import from the file itself.`)
  }
  for (const rule of LINE_RULES) {
    if (!rule.files.test(path) || rule.except?.test(path)) continue
    text.split('\n').forEach((line, index) => {
      if (rule.text.test(line)) findings.push(`${path}:${index + 1}: ${rule.name}: ${rule.advice}`)
    })
  }
  return findings
}
