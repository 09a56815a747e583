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

/** What was looked at of each practice, with the gateway's figures; `-none` where there is no figure to tell. */
export const EVIDENCE_TEXTS = {
  'evidence-1': [
    'HTTPS alone, HSTS; {plain} notification {plain|address|addresses} without TLS',
    'HTTPS seul, HSTS ; {plain} {plain|adresse|adresses} de notification sans TLS',
  ],
  'evidence-2': [
    'Outgoing connections verify certificates; nothing turns it off',
    'Les connexions sortantes vérifient les certificats ; rien ne le désactive',
  ],
  'evidence-3': [
    '{exposed} {exposed|key|keys} seen outside a server within {days} days',
    '{exposed} {exposed|clé vue|clés vues} hors d’un serveur en {days} jours',
  ],
  'evidence-4': [
    '{active} active {active|key|keys}; {old} older than {oldAfter} days, {ending} to end within {within}',
    '{active} {active|clé active|clés actives} ; {old} de plus de {oldAfter} jours, {ending} à échéance sous {within}',
  ],
  'evidence-5': ['AES-256-GCM, a data key for each merchant', 'AES-256-GCM, une clé de données par marchand'],
  'evidence-6': [
    '{count} {count|customer|customers}, each sealed under a key of their own',
    '{count} {count|client scellé|clients scellés}, chacun sous sa propre clé',
  ],
  'evidence-7': [
    '{count} {count|message|messages} passed the outgoing filter',
    '{count} {count|message passé|messages passés} par le filtre sortant',
  ],
  'evidence-8': ['One fixed sentence for each failure', 'Une phrase fixe pour chaque échec'],
  'evidence-9': [
    '{count} {count|failure|failures} on record, without values',
    '{count} {count|échec enregistré|échecs enregistrés}, sans valeurs',
  ],
  'evidence-10': [
    '{sessions} open {sessions|session|sessions}; 15 minutes idle, 12 hours in all',
    '{sessions} {sessions|session ouverte|sessions ouvertes} ; 15 minutes d’inactivité, 12 heures en tout',
  ],
  'evidence-11': [
    '__Host- cookies: Secure, HttpOnly, SameSite=Strict',
    'Cookies __Host- : Secure, HttpOnly, SameSite=Strict',
  ],
  'evidence-12': ['ucanpay-audit in your own pipeline', 'ucanpay-audit dans votre propre intégration continue'],
  'evidence-13': [
    'Audit log sealed until {sealedUntil}, {unsealed} {unsealed|row|rows} to come; {auditors} {auditors|auditor|auditors}',
    'Journal d’audit scellé jusqu’au {sealedUntil}, {unsealed} {unsealed|ligne|lignes} à venir ; {auditors} {auditors|auditeur|auditeurs}',
  ],
  'evidence-13-none': [
    'Audit log not sealed yet, {unsealed} {unsealed|row|rows} to come; {auditors} {auditors|auditor|auditors}',
    'Journal d’audit pas encore scellé, {unsealed} {unsealed|ligne|lignes} à venir ; {auditors} {auditors|auditeur|auditeurs}',
  ],
  'evidence-14': [
    '{members} {members|member|members} without a second factor',
    '{members} {members|membre|membres} sans second facteur',
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

/** What was looked at, in the viewer's words; undefined for a practice that this page has no words for. */
export function evidenceKey(
  practice: number,
  figures: Readonly<Record<string, string | number>>,
): keyof typeof EVIDENCE_TEXTS | undefined {
  const key = practice === 13 && figures['sealedUntil'] === undefined ? 'evidence-13-none' : `evidence-${practice}`
  return key in EVIDENCE_TEXTS ? (key as keyof typeof EVIDENCE_TEXTS) : undefined
}
