const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

// eslint-disable-next-line no-control-regex -- They are what is looked for.
const NOT_IN_MARKUP = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** A text within XML or HTML. What neither can hold (control characters, half a sign) is shown as a question mark. */
export function markupText(text: string): string {
  const clean = text.toWellFormed().replace(NOT_IN_MARKUP, '?')
  return clean.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
}
