export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
/** critical: money or card data can be taken now. high: a practice is broken where it runs. medium: a protection is missing. low: worth knowing. */
export type Severity = (typeof SEVERITIES)[number]
