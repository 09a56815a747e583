import type { CodeScan } from '../scan/code-scan.ts'
import { optionsOf, type Constant, type Origin, type Value } from '../values/value.ts'

/**
 * The texts among what a secret can be that stand in the code: itself, an item of a list, the argument of what turns it
 * into bytes, the fallback of a look-up in a configuration.
 */
export function writtenOut(value: Value, scan: CodeScan): readonly Constant[] {
  if (value.kind === 'union') return optionsOf(value).flatMap((option) => writtenOut(option, scan))
  if (value.kind === 'constant') return isSecretText(value) ? [value] : []
  // Several: the first signs, the others are accepted still.
  if (value.kind === 'list') return value.items.flatMap((item) => writtenOut(item, scan))
  if (value.kind === 'object') {
    // iron-session takes them by number.
    const [latest] = scan.members(value, '1')
    return latest ? writtenOut(latest.value, scan) : []
  }
  if (value.kind !== 'named' || value.via !== 'call') return []
  const [first, second] = value.args ?? []
  if (TO_BYTES.test(value.path) && first) return writtenOut(first, scan)
  // `config.get('SESSION_SECRET', 'fallback')`
  const isKey = first?.kind === 'constant' && /secret|key/i.test(String(first.value))
  return /(?:\.get|\benv|getEnv\w*)\(\)$/.test(value.path) && isKey && second ? writtenOut(second, scan) : []
}

/** What turns a text into bytes, or into another writing of them, and leaves it as well known as it was. */
const TO_BYTES =
  /^(?:buffer\.)?Buffer\.from\(\)$|TextEncoder\.encode\(\)$|^crypto-js(?:\/\w[\w-]*)?\.enc\.\w+\.parse\(\)$|^jose\.base64url\.decode\(\)$|^crypto\.createSecretKey\(\)$/

function isSecretText({ value, origin }: Constant): boolean {
  if (typeof value !== 'string' || value.trim() === '') return false
  // A name of a setting or of a secret in a store, and a text that a deployment replaces.
  return (
    !/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|^(?:arn|projects|vault|op|env):|^\$\{|^%[A-Z_]+%$|^\{\{|^__\w+__$|^#\{/.test(
      value,
    ) && !isCompared(origin)
  )
}

function isCompared({ node }: Origin): boolean {
  return node.parent?.type === 'BinaryExpression' && node.parent.operator !== '+'
}
