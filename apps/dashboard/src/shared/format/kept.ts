const formats = new Map<string, unknown>()

/**
 * One of the browser's own formats, made once: to make one takes longer than to draw the row that it is for.
 *
 * @param name tells it from every other one: what it formats, and all that it depends on
 */
export function kept<Format>(name: string, make: () => Format): Format {
  const format = (formats.get(name) as Format | undefined) ?? make()
  formats.set(name, format)
  return format
}
