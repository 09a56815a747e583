import { ApiError } from './api-error.ts'

/** What a member can do about a refusal. */
export type Need = 'reauthentication' | 'second-factor'

/** A member may do this, but has to show something first. It is NOAUTH, 403; the header `x-needs` names what. */
export class NeedsError extends ApiError {
  readonly needs: Need
  constructor(needs: Need, detail: string) {
    super('NOAUTH', detail, { status: 403 })
    this.needs = needs
  }
}
