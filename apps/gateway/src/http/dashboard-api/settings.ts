import { SettingsData, UpdateSettingsRequest } from '@ucanpay/wire/dashboard/record-schemas'
import { successReply } from '@ucanpay/wire/payment-replies'
import type { Database } from '../../database/tx.ts'
import { readSettings, updateSettings } from '../../domain/merchants/settings.ts'
import type { AddressGuard } from '../../domain/notifications/address-guard.ts'
import type { App } from '../app.ts'
import { staffOf } from './staff.ts'
import { dashboardSuccess } from './success.ts'

/** GET, PUT /dashboard-api/settings. */
export function settingsRoutes(app: App, deps: { db: Database; addresses: AddressGuard }): void {
  app.get(
    '/dashboard-api/settings',
    {
      config: { access: 'session', right: 'settings:read', summary: 'Read the settings' },
      schema: { response: { 200: successReply(SettingsData) } },
    },
    async (request) => dashboardSuccess(request, await readSettings(deps.db, staffOf(request).caller)),
  )

  app.put(
    '/dashboard-api/settings',
    {
      config: {
        access: 'session',
        right: 'settings:write',
        fresh: true,
        merchantWide: true,
        summary: 'Change the settings',
      },
      schema: { body: UpdateSettingsRequest, response: { 200: successReply(SettingsData) } },
    },
    async (request) => dashboardSuccess(request, await updateSettings(deps, staffOf(request).caller, request.body)),
  )
}
