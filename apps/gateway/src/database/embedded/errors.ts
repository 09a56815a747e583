/** The embedded database cannot be had, for a reason that whoever started us can act on; the message says how. */
export class EmbeddedDatabaseError extends Error {
  override readonly name: string = 'EmbeddedDatabaseError'
}

/** Another process of ours owns the folder. Its server is left as it is. */
export class DatabaseInUseError extends EmbeddedDatabaseError {
  override readonly name = 'DatabaseInUseError'
  /** The owner's process number, where the server could tell. */
  readonly ownerPid: number | undefined

  constructor(folder: string, ownerPid: number | undefined, options?: ErrorOptions) {
    const owner = ownerPid === undefined ? 'another process' : `process ${ownerPid}`
    super(
      `The database in ${folder} is in use by ${owner}. ` +
        'Stop that one first (Ctrl-C in its terminal), or start this one on a folder of its own (UCANPAY_HOME).',
      options,
    )
    this.ownerPid = ownerPid
  }
}
