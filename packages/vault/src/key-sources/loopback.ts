/** True for this machine itself, by the two names that are taken for it without a look-up. */
export function isLoopback(url: URL): boolean {
  return url.hostname === '127.0.0.1' || url.hostname === 'localhost'
}
