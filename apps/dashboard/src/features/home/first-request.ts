/** The dashboard's port is the API's and two. */
const PORTS_APART = 2

/** Where the API is, from where the dashboard is. Behind a proxy, which hides the ports, nobody can tell from here. */
export function apiOrigin(dashboard: string): string {
  const { protocol, hostname, port } = new URL(dashboard)
  return port === '' ? 'https://YOUR-GATEWAY' : `${protocol}//${hostname}:${Number(port) - PORTS_APART}`
}

/** A request that makes an order, to be pasted into a terminal; the key stays in a variable, out of the history. */
export function firstRequest(origin: string): string {
  // On one's own machine the certificate is the installation's own.
  const authority = new URL(origin).hostname === 'localhost' ? ' --cacert .ucanpay/tls/ca.pem' : ''
  return `curl${authority} ${origin}/payment/unifiedorder \\
  -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' \\
  -d '{"subject":"Coffee","body":"One coffee","totalAmt":450,"sceneType":"MWEB","notifyUrl":"https://YOUR-SHOP/notifications"}'`
}
