import { cardNumberPlaces } from '../../engine/data/card-number-places.ts'
import { isLogFile } from '../../engine/files/log-file.ts'
import type { Rule } from '../../engine/rule.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'

export const rule: Rule = {
  id: 'card-number-in-file',
  practice: 6,
  severity: 'critical',
  title: 'A card number stands unencrypted in a file',
  why: 'A full card number in a file or a dump is cardholder data wherever the file is copied to: each backup, each clone and each laptop that holds it falls under PCI DSS, and a leak of it has to be reported.',
  mend: 'Delete the file, or cut the number down to its last four digits, and find out what wrote it there. Have the gateway keep the card, and store its token.',
  before: 'Jane Doe,4929 1234 …,12/27',
  after: 'Jane Doe,tok_8fK2…,3456',
  language: 'text',
  controls: { pci: ['3.5.1', '3.4.1', '3.2.1'], asvs: ['14.2.4'], gdpr: ['5(1)(f)', '32(1)(a)'] },
  silentIn: ['lockfile', 'vendored', 'generated'],
  on: { text: { check: checkText } },
}

function checkText(scan: FileScan): void {
  if (isLogFile(scan.file)) return // Those are for card-number-in-log-file.
  for (const { start, end, digits } of cardNumberPlaces(scan)) {
    scan.report({
      at: { start, end },
      secret: [{ start, end }],
      message: `A card number (${digits.length} digits, check digit right) stands in the file`,
      severity: scan.isFor('test', 'fixture', 'example') ? 'medium' : 'critical',
    })
  }
}
