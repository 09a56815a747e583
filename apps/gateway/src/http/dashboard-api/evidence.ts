import { EvidenceData, EvidenceRequest } from '@ucanpay/wire/dashboard/evidence-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import { exportEvidence, type EvidenceDeps } from '../../domain/reports/export-evidence.ts'
import { requirePeriod } from '../../domain/reports/report-period.ts'
import { GATEWAY_VERSION } from '../../version.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

/** A bundle reads much; an auditor needs one now and then. */
const LIMIT = { limit: 10, windowS: 60 } as const

/** POST /dashboard-api/evidence: the signed bundle for auditors, of both modes; that it was made is on record. */
export function evidenceRoute(app: App, deps: EvidenceDeps): void {
  app.post(
    '/dashboard-api/evidence',
    {
      config: {
        access: 'session',
        right: 'evidence:export',
        merchantWide: true,
        limit: LIMIT,
        summary: 'Export signed evidence; it is recorded',
      },
      schema: { body: EvidenceRequest, response: { 200: successReply(EvidenceData) } },
    },
    async (request) => {
      const period = requirePeriod(request.body)
      const made = { period, version: GATEWAY_VERSION }
      return dashboardSuccess(request, { bundle: await exportEvidence(deps, staffOf(request).caller, made) })
    },
  )
}
