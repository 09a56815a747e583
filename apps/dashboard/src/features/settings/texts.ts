/** The words of the settings' page. */
export const TEXTS = {
  title: ['Settings', 'Réglages'],
  change: ['What can be changed', 'Ce qui peut être changé'],
  name: ['Merchant’s name', 'Nom du commerçant'],
  nameHint: ['Buyers see it at the checkout.', 'Les acheteurs le voient au paiement.'],
  nameMissing: ['Enter a name.', 'Entrez un nom.'],
  security: ['Address for security alerts', 'Adresse des alertes de sécurité'],
  securityHint: [
    'https only. Signed notifications about leaked and expiring keys go there. Empty: alerts are shown on the first page alone.',
    'https seulement. Les notifications signées sur les clés divulguées ou expirantes y sont envoyées. Vide : les alertes ne sont qu’à l’accueil.',
  ],
  securityWrong: ['An address that begins with https://', 'Une adresse qui commence par https://'],
  limit: ['Refund limit', 'Plafond de remboursement'],
  limitHint: [
    'In whatever currency ({now}). What a member gives back beyond it within 24 hours asks for the password again.',
    'Dans la devise du paiement ({now}). Ce qu’un membre rembourse au-delà en 24 heures redemande le mot de passe.',
  ],
  limitWrong: ['An amount such as 100 or 99.50.', 'Un montant comme 100 ou 99,50.'],
  saved: ['The settings are saved.', 'Les réglages sont enregistrés.'],
  unchanged: ['Nothing has changed.', 'Rien n’a changé.'],
  refused: [
    'The gateway does not accept this. Check the address: it must be reachable by https, and not in a private network.',
    'La passerelle ne l’accepte pas. Vérifiez l’adresse : joignable en https, et hors d’un réseau privé.',
  ],
  readOnly: ['Your role may look, not change.', 'Votre rôle peut voir, pas changer.'],
  facts: ['Fixed by the operator', 'Fixé par l’opérateur'],
  factsText: [
    'Whoever runs this gateway changes these by command line.',
    'L’exploitant de la passerelle les change en ligne de commande.',
  ],
  merchantId: ['Merchant number', 'Numéro de commerçant'],
  scheme: ['Signature scheme', 'Schéma de signature'],
  signatures: ['Request signatures in {mode}', 'Signatures des requêtes en {mode}'],
  required: ['Required', 'Obligatoires'],
  optional: ['Optional; checked where given', 'Facultatives ; vérifiées si présentes'],
  reply: ['Signature of answers', 'Signature des réponses'],
  fee: ['Fee', 'Frais'],
} as const
