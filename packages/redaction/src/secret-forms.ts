/**
 * Keys, tokens and credentials by their form, wherever they stand. The unfinished ones count as well: a text may have
 * been cut within them. Every pattern is linear: no repeated group can match one text in two ways.
 */
export const SECRET_FORMS: readonly RegExp[] = [
  /\bucp_(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{1,64}/g,
  /\bwhsec_[0-9A-Za-z+/=_-]{8,128}/g,
  /\b[sr]k_(?:live|test)_[0-9A-Za-z]{16,247}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bgh[pousr]_[0-9A-Za-z]{36,255}/g,
  /\bgithub_pat_[0-9A-Za-z_]{60,255}/g,
  /\bglpat-[0-9A-Za-z_-]{20,64}/g,
  /\bxox[abposr]-[0-9A-Za-z-]{20,250}/g,
  /\bhooks\.slack\.com\/services\/T[0-9A-Z]{6,12}\/B[0-9A-Z]{6,12}\/[0-9A-Za-z]{20,32}/g,
  /\bSG\.[0-9A-Za-z_-]{20,24}\.[0-9A-Za-z_-]{39,50}/g,
  /\bAIza[0-9A-Za-z_-]{35}/g,
  /\bnpm_[0-9A-Za-z]{36}/g,
  /\b(?:sq0csp|sq0atp)[0-9A-Za-z_-]{22,60}/g,
  /\b(?:Bearer|Basic)[ +]{1,4}(?=[^\s]{0,255}[0-9=._])[0-9A-Za-z._~+/=-]{12,4096}/g,
  /\beyJ[0-9A-Za-z_-]{8,8192}\.(?:[0-9A-Za-z_-]{1,16384}(?:\.[0-9A-Za-z_-]{0,8192})?)?/g,
  /-----BEGIN [A-Z ]{0,32}PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]{0,16384}?-----END [A-Z ]{0,32}PRIVATE KEY(?: BLOCK)?-----|[\s\S]{0,16384})/g,
  /\b[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/[^\s:@/'"<>]{0,128}:[^\s@/'"<>]{1,256}@/g,
]
