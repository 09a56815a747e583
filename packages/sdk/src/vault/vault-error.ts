import { UCanPayError } from '../errors.ts'

/** A value could not be sealed or opened. The message names its place and never holds it. */
export class VaultError extends UCanPayError {
  override readonly name: string = 'VaultError'
}

/** A value is sealed under a version of the key ring that this process does not have. */
export class RingVersionMissingError extends VaultError {
  override readonly name = 'RingVersionMissingError'
  readonly version: number
  constructor(version: number, where: string) {
    super(
      `${where} is sealed under version ${version} of the key ring, which the ring does not hold. Put the version ` +
        'back, seal those values anew (resealAll), and take it out then.',
    )
    this.version = version
  }
}

/** The key of this subject was destroyed: nothing that was sealed under it can be opened by anybody. */
export class SubjectErasedError extends VaultError {
  override readonly name = 'SubjectErasedError'
  constructor() {
    super('This subject was erased: its key is destroyed, and what it sealed cannot be opened.')
  }
}
