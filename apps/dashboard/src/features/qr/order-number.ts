/** As long as the gateway takes (contract §4). */
const RANDOM_BYTES = 12

/** A new order number that nobody can guess and no other counter makes: `C` and 24 hexadecimal digits. */
export function newOrderNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES))
  return `C${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
