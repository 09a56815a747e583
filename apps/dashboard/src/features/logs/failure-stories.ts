import type { FailureMsg } from '@ucanpay/wire/failures'
import type { Text } from '../../shared/texts/language.ts'

/** What a failure means to whoever built the request, and what to do about it. */
export interface FailureStory {
  readonly means: Text
  readonly todo: Text
}

/** One sentence each for every `msg` of the contract (§5). */
export const FAILURE_STORIES: Readonly<Record<FailureMsg, FailureStory>> = {
  LACK_PARAMS: {
    means: ['A parameter that the endpoint requires was not there.', 'Un paramètre obligatoire manquait.'],
    todo: ['Add the parameters that are named below.', 'Ajoutez les paramètres nommés ci-dessous.'],
  },
  PARAM_ERROR: {
    means: [
      'A parameter had a form that the endpoint does not take, or one that it does not know.',
      'Un paramètre avait une forme refusée, ou n’est pas connu ici.',
    ],
    todo: [
      'Compare the places named below with the description of the endpoint.',
      'Comparez les endroits nommés ci-dessous avec la description de l’opération.',
    ],
  },
  POST_DATA_EMPTY: {
    means: ['The request came without a body.', 'La requête est arrivée sans corps.'],
    todo: ['Send a JSON object, if only an empty one.', 'Envoyez un objet JSON, même vide.'],
  },
  NOT_UTF8: {
    means: ['The body was not encoded in UTF-8.', 'Le corps n’était pas encodé en UTF-8.'],
    todo: [
      'Encode the body in UTF-8 before you sign and send it.',
      'Encodez le corps en UTF-8 avant de le signer et de l’envoyer.',
    ],
  },
  NOAUTH: {
    means: [
      'The key or session was missing, wrong, out of date, or without the right to do this.',
      'La clé ou la session manquait, était fausse, expirée, ou sans le droit requis.',
    ],
    todo: [
      'Check which key the server uses, its scopes, its addresses and whether it was revoked.',
      'Vérifiez la clé du serveur, ses droits, ses adresses et si elle a été révoquée.',
    ],
  },
  SIGNERROR: {
    means: [
      'The signature was missing, or is not the one of these very bytes.',
      'La signature manquait, ou n’est pas celle de ces octets exacts.',
    ],
    todo: [
      'Sign the body exactly as it is sent, with the clock set right and a nonce used once.',
      'Signez le corps tel qu’il est envoyé, avec une horloge juste et un nonce unique.',
    ],
  },
  ORDERNOTEXIST: {
    means: [
      'This account has no order of that number in this mode.',
      'Ce compte n’a pas de commande de ce numéro dans ce mode.',
    ],
    todo: [
      'Check the number, and whether the key is a test or a live one.',
      'Vérifiez le numéro, et si la clé est de test ou réelle.',
    ],
  },
  REFUNDNOTEXIST: {
    means: [
      'This account has no refund of that number in this mode.',
      'Ce compte n’a pas de remboursement de ce numéro dans ce mode.',
    ],
    todo: [
      'Check the number, and whether the key is a test or a live one.',
      'Vérifiez le numéro, et si la clé est de test ou réelle.',
    ],
  },
  NOT_FOUND: {
    means: ['There is nothing at the address that was asked for.', 'Il n’y a rien à l’adresse demandée.'],
    todo: ['Check the path and the id within it.', 'Vérifiez le chemin et l’identifiant qu’il contient.'],
  },
  REQUIRE_POST_METHOD: {
    means: ['The endpoint does not answer the method that was used.', 'L’opération n’accepte pas la méthode employée.'],
    todo: [
      'Use the method that the header Allow of the answer names.',
      'Employez la méthode nommée par l’en-tête Allow de la réponse.',
    ],
  },
  ORDERPAID: {
    means: ['The order had been paid already.', 'La commande était déjà payée.'],
    todo: [
      'Ask for the order’s state, and treat it as paid.',
      'Demandez l’état de la commande, et considérez-la comme payée.',
    ],
  },
  ORDERCLOSED: {
    means: [
      'The order was closed, so that nobody can pay it any more.',
      'La commande était fermée ; plus personne ne peut la payer.',
    ],
    todo: ['Make a new order with a new number.', 'Créez une nouvelle commande avec un nouveau numéro.'],
  },
  OUT_TRADE_NO_USED: {
    means: [
      'The order number was used before with other values.',
      'Le numéro de commande a déjà servi avec d’autres valeurs.',
    ],
    todo: [
      'Repeat a request with its very values, or give the new order a new number.',
      'Répétez avec les mêmes valeurs, ou donnez un nouveau numéro.',
    ],
  },
  ORDER_NOT_READY: {
    means: ['The order was not in a state that allows this.', 'L’état de la commande ne le permettait pas.'],
    todo: [
      'Ask for the order’s state first, and act on what it is.',
      'Demandez d’abord l’état de la commande, et agissez selon lui.',
    ],
  },
  REFUND_FEE_MISMATCH: {
    means: [
      'The amount fits neither the order nor the refund of the same number.',
      'Le montant ne correspond ni à la commande ni au remboursement de même numéro.',
    ],
    todo: [
      'Ask what can still go back, and use one refund number for one amount.',
      'Demandez le reste remboursable, et un numéro par montant.',
    ],
  },
  BIZERR_NEED_RETRY: {
    means: ['The order was being worked on at that moment.', 'La commande était en cours de traitement.'],
    todo: [
      'Send the same request with the same values again after a second.',
      'Renvoyez la même requête, mêmes valeurs, après une seconde.',
    ],
  },
  INVALID_REQUEST: {
    means: [
      'The rules of the order do not allow what was asked.',
      'Les règles de la commande ne permettent pas cette demande.',
    ],
    todo: [
      'Look at the payment’s history and amounts; a repeat will not help.',
      'Regardez l’historique et les montants du paiement ; répéter n’aidera pas.',
    ],
  },
  NOTENOUGH: {
    means: ['The balance did not cover it.', 'Le solde ne suffisait pas.'],
    todo: ['Wait for payments to come in, or give back less.', 'Attendez des paiements, ou remboursez moins.'],
  },
  TRADE_OVERDUE: {
    means: ['The time limit for this had passed.', 'Le délai pour cela était dépassé.'],
    todo: [
      'Do it within its time; for a refund after that, pay by another way.',
      'Agissez dans le délai ; ensuite, remboursez par un autre moyen.',
    ],
  },
  USER_ACCOUNT_ABNORMAL: {
    means: ['The account is in a state that does not allow this.', 'L’état du compte ne le permet pas.'],
    todo: [
      'Ask the operator of this gateway what holds the account back.',
      'Demandez à l’exploitant de cette passerelle ce qui bloque le compte.',
    ],
  },
  ERROR: {
    means: [
      'The request was understood, and could not be carried out.',
      'La requête a été comprise, mais n’a pas pu être exécutée.',
    ],
    todo: [
      'Look at the names below, and quote the request id where they do not help.',
      'Regardez les noms ci-dessous, sinon indiquez l’identifiant de requête.',
    ],
  },
  FREQUENCY_LIMITED: {
    means: [
      'More requests came than the account may send in that time.',
      'Plus de requêtes sont venues que le compte ne peut en envoyer.',
    ],
    todo: [
      'Wait as long as the header Retry-After says, and spread requests out.',
      'Attendez la durée de l’en-tête Retry-After, et étalez les requêtes.',
    ],
  },
  INVALID_REQ_TOO_MUCH: {
    means: [
      'Too many requests failed in a row, so the door was shut for a while.',
      'Trop de requêtes ont échoué ; l’accès est fermé un moment.',
    ],
    todo: [
      'Mend what made them fail first, then wait some minutes.',
      'Corrigez d’abord la cause des échecs, puis attendez quelques minutes.',
    ],
  },
  SYSTEMERROR: {
    means: [
      'Something went wrong on the gateway’s side; no money moved by halves.',
      'Un problème est survenu côté passerelle ; rien n’est fait à moitié.',
    ],
    todo: [
      'Send the same request with the same values again; where it stays, quote the request id.',
      'Renvoyez la même requête ; si cela persiste, indiquez l’identifiant de requête.',
    ],
  },
}

/** The story of a `msg`; undefined for one that this page does not know yet. */
export function storyOf(msg: string): FailureStory | undefined {
  return Object.hasOwn(FAILURE_STORIES, msg) ? FAILURE_STORIES[msg as FailureMsg] : undefined
}
