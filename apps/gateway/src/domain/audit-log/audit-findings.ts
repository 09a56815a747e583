import type { AuditFindingCode } from '@ucanpay/wire/dashboard/audit-findings'

/** What can be wrong with an audit export: the name of the finding, and what it says. */
export const FINDINGS = {
  'after-end': 'something stands after the end of the export',
  'no-export': 'this is no audit export',
  'export-cut': 'the export ends before its last line: it was cut short',
  'second-export': 'a second export begins here',
  'chain-repeated': 'the chain of this merchant was there already',
  'chain-order': 'the chains are not in their order',
  'other-merchant': 'the export is of another merchant alone',
  'rows-removed': 'the merchant has no row at all: its rows were removed',
  'row-behind': 'a row stands behind the checkpoints: it was added or moved',
  'row-unsealed': 'the row was never sealed: it was added around the gateway, or its seal was removed',
  'row-order': 'another number is due here: a row was removed, added or moved',
  'row-changed': 'the row is not the one that was sealed',
  'chain-cut': 'the chain was cut short: a checkpoint goes further',
  'chain-changed': 'the chain is not the one that was signed',
  'clock-back': 'the clock was set back, or checkpoints were moved',
  'export-changed': 'the export was changed after it was signed',
  'rows-uncovered': 'rows follow that no checkpoint covers',
  'checkpoint-old':
    'the newest checkpoint is over two hours older than the export: the chain was cut short, or the worker stands still',
  'anchor-missing': 'the chain does not hold a checkpoint that was kept elsewhere',
  'key-unknown': 'it is signed by a key that is not among the public keys given',
  'key-wrong': 'it names a key that signs no audit log',
  'signature-wrong': "the signature is not the gateway's",
  'line-moved': "the line stands in another merchant's chain",
  'line-broken': 'the line is not JSON',
  'line-unknown': 'the line is none of an audit export',
  'line-members': 'the line has other members than the gateway gave it: the row is not the one that was sealed',
  'line-spelled': 'the line is not spelled as the gateway spelled it',
} as const satisfies Record<AuditFindingCode, string>
