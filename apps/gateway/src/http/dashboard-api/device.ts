const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\bChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

/** Browser and system of a User-Agent, of a closed list of names: nothing of what it says is stored as it came. */
export function deviceOf(userAgent: string | undefined): string {
  const find = (names: typeof BROWSERS): string => names.find(([sign]) => sign.test(userAgent ?? ''))?.[1] ?? '?'
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)]
  if (browser === '?' && system === '?') return 'Other'
  return `${browser} · ${system}`
}
