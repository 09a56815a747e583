/** Every text of the checkout, in both languages. `{name}` is filled in. */
const EN = {
  title: 'Pay {merchant}',
  payTo: 'Pay',
  testMode: 'Test mode: no money moves. Try card 4242 4242 4242 4242.',
  cardNumber: 'Card number',
  expiry: 'Expiry date',
  expiryHint: 'MM / YY',
  securityCode: 'Security code',
  securityCodeHint: 'The 3 or 4 digits on your card',
  name: 'Name on card',
  pay: 'Pay {amount}',
  paying: 'Paying …',
  secure: 'Your card goes to the payment gateway over an encrypted connection, and never to the shop.',
  qrLink: 'Pay on another device',
  errorSummary: 'Please check the marked fields.',
  numberMissing: 'Enter your card number.',
  numberWrong: 'This is not a card number. Check the digits.',
  expiryMissing: 'Enter the expiry date, month and year.',
  expiryWrong: 'Enter the date as on the card, e.g. 04 / 30.',
  expiryPast: 'This card has expired. Use another card.',
  codeMissing: 'Enter the security code.',
  codeWrong: 'The security code has {digits} digits.',
  nameMissing: 'Enter the name on your card.',
  nameWrong: 'This is not a name. Enter the name as on your card.',
  declined: 'Your card was declined. Try another card, or ask your bank.',
  insufficientFunds: 'There is not enough money on this card. Try another card.',
  processorError: 'The payment could not be made, and nothing was taken. Try again.',
  challengeFailed: 'Your bank could not confirm that it is you. Try again, or use another card.',
  refusedDetails: 'The card details were not accepted. Check them and try again.',
  offline: 'We could not be reached, and nothing is lost. Check your connection.',
  systemError: 'Something went wrong on our side, and nothing is lost.',
  tryAgain: 'Try again',
  requestId: 'If it happens again, quote {id}.',
  processingTitle: 'We are confirming your payment',
  processingText: 'This takes a moment. You do not need to pay again, and may leave this page open.',
  challengeTitle: 'Your bank asks you to confirm',
  challengeText: 'Go to your bank’s page to confirm this payment.',
  challengeGo: 'Continue to your bank',
  paidTitle: 'Paid',
  paidText: '{amount} to {merchant}. Thank you.',
  heldTitle: 'Payment authorised',
  heldText: '{merchant} will take up to {amount} when your order is ready.',
  goBack: 'Return to {merchant}',
  goingBack: 'You return to {merchant} in a few seconds.',
  stay: 'Stay here',
  closedTitle: 'This order is closed',
  closedText: 'It can no longer be paid. Nothing was taken. Go back to {merchant} to order again.',
  revokedTitle: 'This order was cancelled',
  revokedText: 'If you had paid, the money goes back to your card.',
  refundTitle: 'This payment was refunded',
  refundText: 'The money goes back to your card. It can take your bank a few days.',
  unknownTitle: 'There is no such order',
  unknownText: 'Check the link, or ask the shop for a new one.',
  expiresIn: 'This order closes in {minutes} min.',
  scan: 'Scan to pay',
  scanText: 'Point your phone’s camera at the code.',
  qrAlt: 'QR code of the payment page',
  waiting: 'Waiting for the payment',
  brand: 'Card brand: {brand}',
} as const

export type TextKey = keyof typeof EN
type Texts = Readonly<Record<TextKey, string>>

const FR: Texts = {
  title: 'Payer {merchant}',
  payTo: 'Payer',
  testMode: 'Mode test : aucun argent ne bouge. Essayez la carte 4242 4242 4242 4242.',
  cardNumber: 'Numéro de carte',
  expiry: 'Date d’expiration',
  expiryHint: 'MM / AA',
  securityCode: 'Code de sécurité',
  securityCodeHint: 'Les 3 ou 4 chiffres sur votre carte',
  name: 'Nom sur la carte',
  pay: 'Payer {amount}',
  paying: 'Paiement en cours…',
  secure: 'Votre carte va à la passerelle de paiement par une connexion chiffrée, jamais à la boutique.',
  qrLink: 'Payer sur un autre appareil',
  errorSummary: 'Veuillez vérifier les champs signalés.',
  numberMissing: 'Entrez le numéro de votre carte.',
  numberWrong: 'Ce n’est pas un numéro de carte. Vérifiez les chiffres.',
  expiryMissing: 'Entrez la date d’expiration, mois et année.',
  expiryWrong: 'Entrez la date comme sur la carte, p. ex. 04 / 30.',
  expiryPast: 'Cette carte est expirée. Utilisez une autre carte.',
  codeMissing: 'Entrez le code de sécurité.',
  codeWrong: 'Le code de sécurité a {digits} chiffres.',
  nameMissing: 'Entrez le nom sur la carte.',
  nameWrong: 'Ce n’est pas un nom. Entrez le nom comme sur la carte.',
  declined: 'Votre carte a été refusée. Essayez une autre carte ou contactez votre banque.',
  insufficientFunds: 'Le solde de cette carte est insuffisant. Essayez une autre carte.',
  processorError: 'Le paiement n’a pas pu être fait, et rien n’a été débité. Réessayez.',
  challengeFailed: 'Votre banque n’a pas pu confirmer votre identité. Réessayez ou utilisez une autre carte.',
  refusedDetails: 'Les données de la carte n’ont pas été acceptées. Vérifiez-les et réessayez.',
  offline: 'Nous sommes injoignables, et rien n’est perdu. Vérifiez votre connexion.',
  systemError: 'Un problème est survenu de notre côté, et rien n’est perdu.',
  tryAgain: 'Réessayer',
  requestId: 'Si cela se reproduit, indiquez {id}.',
  processingTitle: 'Nous confirmons votre paiement',
  processingText: 'Cela prend un instant. Inutile de payer de nouveau ; vous pouvez laisser cette page ouverte.',
  challengeTitle: 'Votre banque demande une confirmation',
  challengeText: 'Allez à la page de votre banque pour confirmer ce paiement.',
  challengeGo: 'Continuer vers votre banque',
  paidTitle: 'Payé',
  paidText: '{amount} à {merchant}. Merci.',
  heldTitle: 'Paiement autorisé',
  heldText: '{merchant} prélèvera jusqu’à {amount} quand votre commande sera prête.',
  goBack: 'Retourner à {merchant}',
  goingBack: 'Vous retournez à {merchant} dans quelques secondes.',
  stay: 'Rester ici',
  closedTitle: 'Cette commande est fermée',
  closedText: 'Elle ne peut plus être payée. Rien n’a été débité. Retournez à {merchant} pour commander de nouveau.',
  revokedTitle: 'Cette commande a été annulée',
  revokedText: 'Si vous aviez payé, l’argent retourne sur votre carte.',
  refundTitle: 'Ce paiement a été remboursé',
  refundText: 'L’argent retourne sur votre carte. Votre banque peut mettre quelques jours.',
  unknownTitle: 'Cette commande n’existe pas',
  unknownText: 'Vérifiez le lien ou demandez-en un nouveau à la boutique.',
  expiresIn: 'Cette commande se ferme dans {minutes} min.',
  scan: 'Balayez pour payer',
  scanText: 'Pointez l’appareil photo de votre téléphone vers le code.',
  qrAlt: 'Code QR de la page de paiement',
  waiting: 'En attente du paiement',
  brand: 'Marque de la carte : {brand}',
}

export type Language = 'en' | 'fr'
const TEXTS: Readonly<Record<Language, Texts>> = { en: EN, fr: FR }

/** The language of the first preference that we speak; English where there is none. */
export function languageOf(preferences: readonly string[]): Language {
  for (const preference of preferences) {
    const language = preference.slice(0, 2).toLowerCase()
    if (language === 'en' || language === 'fr') return language
  }
  return 'en'
}

export const language = languageOf(typeof navigator === 'undefined' ? [] : navigator.languages)

/** A text in the buyer's language. */
export function t(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return TEXTS[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
