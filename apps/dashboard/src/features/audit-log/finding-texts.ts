import type { AuditFindingCode } from '@ucanpay/wire/dashboard/audit-findings'
import type { Text } from '../../shared/texts/language.ts'

/** What verifying the audit log can find, by its code. */
export const FINDING_TEXTS = {
  'after-end': ['Something stands after the end of the export.', 'Quelque chose suit la fin de l’export.'],
  'no-export': ['This is no audit export.', 'Ce n’est pas un export du journal d’audit.'],
  'export-cut': [
    'The export ends before its last line: it was cut short.',
    'L’export finit avant sa dernière ligne : il a été coupé.',
  ],
  'second-export': ['A second export begins here.', 'Un second export commence ici.'],
  'chain-repeated': ['The chain of this merchant was there already.', 'La chaîne de ce marchand était déjà là.'],
  'chain-order': ['The chains are not in their order.', 'Les chaînes ne sont pas dans leur ordre.'],
  'other-merchant': ['The export is of another merchant alone.', 'L’export est celui d’un seul autre marchand.'],
  'rows-removed': [
    'The merchant has no row at all: its rows were removed.',
    'Le marchand n’a aucune ligne : ses lignes ont été retirées.',
  ],
  'row-behind': [
    'A row stands behind the checkpoints: it was added or moved.',
    'Une ligne suit les points de contrôle : elle a été ajoutée ou déplacée.',
  ],
  'row-unsealed': [
    'The row was never sealed: it was added around the gateway, or its seal was removed.',
    'La ligne n’a jamais été scellée : elle a été ajoutée à côté de la passerelle, ou son sceau a été retiré.',
  ],
  'row-order': [
    'Another number is due here: a row was removed, added or moved.',
    'Un autre numéro est attendu ici : une ligne a été retirée, ajoutée ou déplacée.',
  ],
  'row-changed': ['The row is not the one that was sealed.', 'La ligne n’est pas celle qui a été scellée.'],
  'chain-cut': [
    'The chain was cut short: a checkpoint goes further.',
    'La chaîne a été coupée : un point de contrôle va plus loin.',
  ],
  'chain-changed': ['The chain is not the one that was signed.', 'La chaîne n’est pas celle qui a été signée.'],
  'clock-back': [
    'The clock was set back, or checkpoints were moved.',
    'L’horloge a été reculée, ou des points de contrôle déplacés.',
  ],
  'export-changed': ['The export was changed after it was signed.', 'L’export a été changé après sa signature.'],
  'rows-uncovered': [
    'Rows follow that no checkpoint covers.',
    'Des lignes suivent qu’aucun point de contrôle ne couvre.',
  ],
  'checkpoint-old': [
    'The newest checkpoint is over two hours older than the export: the chain was cut short, or the worker stands still.',
    'Le dernier point de contrôle a plus de deux heures de moins que l’export : la chaîne a été coupée, ou le worker est arrêté.',
  ],
  'anchor-missing': [
    'The chain does not hold a checkpoint that was kept elsewhere.',
    'La chaîne ne contient pas un point de contrôle conservé ailleurs.',
  ],
  'key-unknown': [
    'It is signed by a key that is not among the public keys given.',
    'C’est signé par une clé qui n’est pas parmi les clés publiques données.',
  ],
  'key-wrong': ['It names a key that signs no audit log.', 'Une clé est nommée qui ne signe aucun journal d’audit.'],
  'signature-wrong': ['The signature is not the gateway’s.', 'La signature n’est pas celle de la passerelle.'],
  'line-moved': [
    'The line stands in another merchant’s chain.',
    'La ligne se trouve dans la chaîne d’un autre marchand.',
  ],
  'line-broken': ['The line is not JSON.', 'La ligne n’est pas du JSON.'],
  'line-unknown': ['The line is none of an audit export.', 'La ligne n’est pas celle d’un export d’audit.'],
  'line-members': [
    'The line has other members than the gateway gave it: the row is not the one that was sealed.',
    'La ligne a d’autres champs que ceux que la passerelle lui a donnés : ce n’est pas la ligne scellée.',
  ],
  'line-spelled': [
    'The line is not spelled as the gateway spelled it.',
    'La ligne n’est pas écrite comme la passerelle l’a écrite.',
  ],
} as const satisfies Record<AuditFindingCode, Text>
