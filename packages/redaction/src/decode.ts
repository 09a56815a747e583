/** Resolves percent-encoding where it is valid; a stray sign stays as it is. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    try {
      return decodeURIComponent(run)
    } catch {
      return run // Not UTF-8: there is no text in it to find.
    }
  })
}

/** Resolves JSON's `\u0034`, also where it was written into a text of JSON again. */
export function decodeEscapes(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\{1,4}u([0-9A-Fa-f]{4})/g, (_all, code: string) => String.fromCharCode(parseInt(code, 16)))
}
