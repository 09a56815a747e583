/** The practices of UCanPay's "Security Practices" page, by their number. */
export const PRACTICE_TEXTS = {
  'practice-1': ['HTTPS always', 'HTTPS, toujours'],
  'practice-2': ['Certificates are validated', 'Les certificats sont vérifiés'],
  'practice-3': ['API keys stay secret', 'Les clés d’API restent secrètes'],
  'practice-4': ['API keys are regenerated', 'Les clés d’API sont renouvelées'],
  'practice-5': ['AES-256 for data at rest', 'AES-256 pour les données stockées'],
  'practice-6': [
    'Sensitive data is encrypted before it is stored',
    'Les données sensibles sont chiffrées avant stockage',
  ],
  'practice-7': [
    'Nothing sensitive by e-mail or other open channels',
    'Rien de sensible par e-mail ou autre canal ouvert',
  ],
  'practice-8': ['Error messages are generic', 'Les messages d’erreur sont génériques'],
  'practice-9': ['Errors are logged without sensitive data', 'Les erreurs sont journalisées sans données sensibles'],
  'practice-10': ['Sessions time out', 'Les sessions expirent'],
  'practice-11': ['Cookies are Secure and HttpOnly', 'Les cookies sont Secure et HttpOnly'],
  'practice-12': ['Code is scanned during development', 'Le code est analysé pendant le développement'],
  'practice-13': ['Third parties audit', 'Des tiers auditent'],
  'practice-14': [
    'Rules are known and followed: PCI DSS, GDPR, segmentation',
    'Les règles sont connues et suivies : PCI DSS, RGPD, cloisonnement',
  ],
} as const

/** Where in the dashboard one looks at a practice, or does something about it; some are nowhere but in the gateway. */
export const WHERE_TO_ACT: Readonly<Partial<Record<number, string>>> = {
  1: '/notifications',
  3: '/api-keys',
  4: '/api-keys',
  6: '/customers',
  7: '/notifications',
  9: '/logs',
  10: '/account/security',
  11: '/account/security',
  13: '/audit-log',
  14: '/team',
}

/** The name of a practice among the texts; undefined for one that this page has no words for. */
export function practiceKey(practice: number): keyof typeof PRACTICE_TEXTS | undefined {
  const key = `practice-${practice}`
  return key in PRACTICE_TEXTS ? (key as keyof typeof PRACTICE_TEXTS) : undefined
}
