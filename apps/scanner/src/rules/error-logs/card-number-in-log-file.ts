import { cardNumberPlaces } from '../../engine/data/card-number-places.ts'
import { isLogFile } from '../../engine/files/log-file.ts'
import type { Rule } from '../../engine/rule.ts'
import type { FileScan } from '../../engine/scan/file-scan.ts'

export const rule: Rule = {
  id: 'card-number-in-log-file',
  practice: 9,
  severity: 'critical',
  title: 'A card number stands in a log file',
  why: 'Logs are shipped, kept for years and read by many. A full card number in one makes each of these places part of the environment that PCI DSS covers, and a leak of any of them has to be reported.',
  mend: 'Purge the file and its copies as the law and your acquirer require, and find what wrote the number: log the token or the last four digits. A scrubber before the log keeps out what is forgotten.',
  before: '2026-03-01T10:00:00Z charge card=4929 1234 … amount=1200',
  after: '2026-03-01T10:00:00Z charge card=tok_8fK2… last4=3456 amount=1200',
  language: 'text',
  controls: { pci: ['3.4.1', '3.5.1', '3.2.1'], asvs: ['16.2.5'], gdpr: ['5(1)(f)', '32(1)(a)'] },
  silentIn: ['lockfile', 'vendored', 'documentation'],
  on: { text: { check: checkText } },
}

function checkText(scan: FileScan): void {
  if (!isLogFile(scan.file)) return
  for (const { start, end, digits } of cardNumberPlaces(scan)) {
    scan.report({
      at: { start, end },
      secret: [{ start, end }],
      message: `A card number (${digits.length} digits, check digit right) was written to this log`,
      severity: scan.isFor('test', 'fixture', 'example') ? 'medium' : 'critical',
    })
  }
}
