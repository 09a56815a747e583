/** Hands a file that the page has made to the browser, which saves it as it saves downloads. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken it by then; kept longer it would stay in memory.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
