/** The words of the page for the counter. */
export const TEXTS = {
  title: ['QR codes', 'Codes QR'],
  make: ['An order at the counter', 'Une commande au comptoir'],
  makeText: [
    'The buyer reads the code with a phone and pays there. This page shows when it is paid.',
    'L’acheteur lit le code avec son téléphone et y paie. Cette page montre quand c’est payé.',
  ],
  amount: ['Amount', 'Montant'],
  amountHint: ['As the buyer reads it, e.g. {example}', 'Comme l’acheteur le lit, p. ex. {example}'],
  badAmount: [
    'Enter an amount above zero, e.g. {example}.',
    'Saisissez un montant supérieur à zéro, p. ex. {example}.',
  ],
  subject: ['What for', 'Objet'],
  badSubject: ['Say in 30 characters what it is for, without / = &.', 'Dites l’objet en 30 caractères, sans / = &.'],
  notifyUrl: ['Notify', 'Prévenir'],
  notifyHint: [
    'The https address of your server that is told when it is paid.',
    'L’adresse https de votre serveur qui est prévenue du paiement.',
  ],
  badUrl: ['Enter an address that begins with https://.', 'Saisissez une adresse qui commence par https://.'],
  show: ['Show the code', 'Afficher le code'],
  code: ['QR code to pay {amount} for {subject}', 'Code QR pour payer {amount} pour {subject}'],
  waiting: ['Waiting for the buyer…', 'En attente de l’acheteur…'],
  paying: ['The buyer is paying…', 'L’acheteur paie…'],
  paid: ['Paid', 'Payé'],
  over: ['It cannot be paid any more', 'Elle ne peut plus être payée'],
  until: ['It can be paid until', 'Payable jusqu’à'],
  again: ['Next order', 'Commande suivante'],
  toPayment: ['To the payment', 'Vers le paiement'],
  link: ['Address of the code', 'Adresse du code'],
  number: ['Number', 'Numéro'],
} as const
