const ADDRESS = /^(?:http|ws):\/\/(?:[^\s/?#@]*@)?(\[[0-9a-f:.]+\]|[^\s/?#:]+)/i
/** Reserved for documentation and tests (RFC 2606, RFC 6761), or never reached from outside. */
const RESERVED =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|test|invalid|example|svc|cluster|consul|docker|arpa|onion)$|(?:^|\.)example\.(?:com|org|net)$|(?:^|\.)(?:lvh\.me|nip\.io|sslip\.io)$/i
const PRIVATE =
  /^(?:0\.0\.0\.0$|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|\[)/
/** Hosts of names that identify something and are not fetched. */
const NAMES_ONLY =
  /^(?:www\.w3\.org|schemas\.[\w.-]+|json-schema\.org|purl\.org|(?:www\.)?schema\.org|xmlns\.com|xml\.[\w.-]+|ns\.adobe\.com|[\w.-]*\.xmlsoap\.org|www\.sitemaps\.org|ogp\.me|docs\.oasis-open\.org|tempuri\.org)$/i
const STAND_IN =
  /^(?:x+|y+|your|my|some|the|host|domain|site|server|api)?[-_.]?(?:your|example|domain|host|placeholder|changeme|company|somewhere|whatever|foo|bar|xxx+)\b/i

/**
 * The host of a plain `http:` or `ws:` address that leads out of the machine and its network; undefined for any other
 * text, and where the host is not known (`\u0000` stands for what is not).
 */
export function plainPublicHost(address: string): string | undefined {
  const host = ADDRESS.exec(address.trim())?.[1]?.toLowerCase().replace(/\.$/, '')
  if (host === undefined || !isPublicHost(host)) return undefined
  // Browsers ask for names of `.dev` by HTTPS alone: with a port of its own it is a machine for development.
  if (host.endsWith('.dev') && /^\w+:\/\/[^/?#]*:\d+/.test(address.trim())) return undefined
  return NAMES_ONLY.test(host) || STAND_IN.test(host) ? undefined : host
}

/** Whether a host is one of the internet: not a name of this network, of a container, or for documentation. */
export function isPublicHost(host: string): boolean {
  if (!/^[\w.-]+$/.test(host) || !host.includes('.')) return false
  return !RESERVED.test(host) && !PRIVATE.test(host)
}
