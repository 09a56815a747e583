/**
 * The code that Node.js gives an error (`ECONNREFUSED`, `ENOENT`). It is all that a message may take of an error from
 * elsewhere, whose own words may quote what was sent or read.
 */
export function errorCode(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : 'no code'
}
