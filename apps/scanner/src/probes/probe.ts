import type { RuleText } from '../engine/rule.ts'
import type { Severity } from '../engine/severity.ts'
import type { Site } from './site.ts'

/** One thing that was seen on a site. */
export interface Sighting {
  /** The address that answered so, or the origin where it is about the connection. */
  readonly url: string
  readonly message: string
  /** The line that shows it, as it came; it is masked and cut before anybody sees it. */
  readonly evidence: string
  /** What of the evidence is secret whatever its form. */
  readonly secret?: string
  /** Where this one is worth more, or less, than the probe says. */
  readonly severity?: Severity
}

/** A thing that a merchant's site must not do. It says of itself what a rule says, and looks at what was gathered. */
export interface Probe extends RuleText {
  readonly check: (site: Site) => readonly Sighting[]
}
