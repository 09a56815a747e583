import { ApiError } from './api-error.ts'

/** What a member has to show first. */
export type Need = 'reauthentication' | 'second-factor'

/** Refused until the member has shown more; the page is told what (header `x-needs`). */
export class NeedsError extends ApiError {
  readonly needs: Need
  constructor(needs: Need, detail: string) {
    super('NOAUTH', detail, { status: 403 })
    this.needs = needs
  }
}
