/** The words of the refunds' page. */
export const TEXTS = {
  title: ['Refunds', 'Remboursements'],
  amount: ['Amount', 'Montant'],
  why: ['Reason', 'Motif'],
  payment: ['Payment', 'Paiement'],
  number: ['Refund number', 'Numéro du remboursement'],
  accepted: ['Accepted', 'Accepté'],
  back: ['Money back', 'Argent rendu'],
  none: ['No refund fits', 'Aucun remboursement ne correspond'],
  noneText: ['Take a filter away, or look in the other mode.', 'Retirez un filtre, ou regardez dans l’autre mode.'],
  noneYet: ['No refunds yet', 'Pas encore de remboursement'],
  noneYetText: [
    'Money is given back from a payment’s own page: open the payment, then press Refund.',
    'On rembourse depuis la page du paiement : ouvrez le paiement, puis appuyez sur Rembourser.',
  ],
  toPayments: ['To the payments', 'Vers les paiements'],
} as const
