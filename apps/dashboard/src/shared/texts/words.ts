/** Words that several pages use. */
export const WORDS = {
  cancel: ['Cancel', 'Annuler'],
  close: ['Close', 'Fermer'],
  save: ['Save', 'Enregistrer'],
  copy: ['Copy', 'Copier'],
  copied: ['Copied', 'Copié'],
  tryAgain: ['Try again', 'Réessayer'],
  loading: ['Loading', 'Chargement'],
  newer: ['Newer', 'Plus récents'],
  older: ['Older', 'Plus anciens'],
  previous: ['Previous', 'Précédent'],
  next: ['Next', 'Suivant'],
  pages: ['Pages of the list', 'Pages de la liste'],
  clear: ['Clear filters', 'Effacer les filtres'],
  all: ['All', 'Tous'],
  from: ['From', 'Du'],
  to: ['To', 'Au'],
  status: ['Status', 'État'],
  currency: ['Currency', 'Devise'],
  none: ['None', 'Aucun'],
  never: ['Never', 'Jamais'],
  requestId: ['Request id', 'Identifiant de requête'],
  optional: ['optional', 'facultatif'],
  stored: ['I have stored it', 'Je l’ai enregistré'],
  shownOnce: [
    'This is shown once. Store it now; nobody can show it again.',
    'Ceci n’est affiché qu’une fois. Enregistrez-le maintenant ; personne ne pourra le réafficher.',
  ],
  refresh: ['Refresh', 'Actualiser'],
  password: ['Password', 'Mot de passe'],
  show: ['Show', 'Afficher'],
  hide: ['Hide', 'Masquer'],
  test: ['Test', 'Test'],
  live: ['Live', 'Réel'],
} as const

/** What to do about each failure that a page can meet; the rest have `unexpected`. */
export const FAILURE_TEXTS = {
  OFFLINE: [
    'We cannot be reached. Check your connection, then try again; nothing is lost.',
    'Nous sommes injoignables. Vérifiez votre connexion, puis réessayez ; rien n’est perdu.',
  ],
  NOAUTH: [
    'Your role does not allow this. Ask an owner or admin of your team.',
    'Votre rôle ne le permet pas. Demandez à un propriétaire ou administrateur de votre équipe.',
  ],
  reauthentication: [
    'This needs your password again. Try again and enter it.',
    'Votre mot de passe est demandé de nouveau. Réessayez et saisissez-le.',
  ],
  secondFactor: [
    'Live mode needs a second factor. Add one to your account first.',
    'Le mode réel exige un second facteur. Ajoutez-en un à votre compte.',
  ],
  NOT_FOUND: [
    'There is nothing here. Check the number, and whether you look at test or live.',
    'Il n’y a rien ici. Vérifiez le numéro, et si vous regardez le mode test ou réel.',
  ],
  ORDERNOTEXIST: [
    'There is no such payment here. Check the number, and whether you look at test or live.',
    'Ce paiement n’existe pas ici. Vérifiez le numéro, et si vous regardez le mode test ou réel.',
  ],
  REFUNDNOTEXIST: [
    'There is no such refund here. Check the number, and whether you look at test or live.',
    'Ce remboursement n’existe pas ici. Vérifiez le numéro, et si vous regardez le mode test ou réel.',
  ],
  PARAM_ERROR: [
    'Something that was entered is not valid. Check it and try again.',
    'Une saisie n’est pas valide. Vérifiez-la et réessayez.',
  ],
  LACK_PARAMS: ['Something is missing. Fill it in and try again.', 'Il manque quelque chose. Complétez et réessayez.'],
  ORDERPAID: [
    'This order has been paid in the meantime. Load the page again.',
    'Cette commande a été payée entre-temps. Rechargez la page.',
  ],
  ORDERCLOSED: ['This order is closed.', 'Cette commande est fermée.'],
  ORDER_NOT_READY: [
    'This payment is not in a state that allows it. Load the page again to see where it stands.',
    'L’état de ce paiement ne le permet pas. Rechargez la page pour voir où il en est.',
  ],
  REFUND_FEE_MISMATCH: [
    'The amount does not fit what was paid and given back so far. Load the page again.',
    'Le montant ne correspond pas à ce qui a été payé et remboursé. Rechargez la page.',
  ],
  BIZERR_NEED_RETRY: [
    'This payment is busy at the moment. Wait a few seconds and try again.',
    'Ce paiement est occupé. Attendez quelques secondes et réessayez.',
  ],
  INVALID_REQUEST: [
    'The rules do not allow this. Load the page again to see how things stand.',
    'Les règles ne le permettent pas. Rechargez la page pour voir la situation.',
  ],
  NOTENOUGH: ['The balance does not cover this.', 'Le solde ne suffit pas.'],
  TRADE_OVERDUE: ['The time limit for this has passed.', 'Le délai est dépassé.'],
  USER_ACCOUNT_ABNORMAL: [
    'The account does not allow this. Ask an owner of your team.',
    'Le compte ne le permet pas. Demandez à un propriétaire de votre équipe.',
  ],
  FREQUENCY_LIMITED: [
    'Too many requests. Wait a minute and try again.',
    'Trop de requêtes. Attendez une minute et réessayez.',
  ],
  INVALID_REQ_TOO_MUCH: [
    'Too many failed tries. Wait some minutes and try again.',
    'Trop d’échecs. Attendez quelques minutes et réessayez.',
  ],
  unexpected: [
    'Something went wrong on our side, and nothing is lost. Try again; if it happens again, quote the request id.',
    'Un problème est survenu de notre côté, et rien n’est perdu. Réessayez ; si cela se reproduit, indiquez l’identifiant de requête.',
  ],
} as const
