import pg from 'pg'

/** What `listen` needs to know. */
export interface ListenOptions {
  readonly databaseUrl: string
  readonly applicationName: string
  /** The role that the connection takes. */
  readonly role: string
  readonly channels: readonly string[]
  readonly onMessage: (channel: string, payload: string) => void
  /** The connection was lost, and with it any message meanwhile; another is made every second. */
  readonly onLost: (error: Error) => void
}

const AGAIN_MS = 1_000

/** Hears what other processes tell through the database (LISTEN/NOTIFY), on a connection of its own. */
export function listen(settings: ListenOptions): { stop(): Promise<void> } {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const connect = async (): Promise<void> => {
    const { databaseUrl, applicationName, role } = settings
    const fresh = new pg.Client({
      connectionString: databaseUrl,
      application_name: applicationName,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      options: `-c role=${role}`,
    })
    client = fresh
    fresh.on('notification', ({ channel, payload }) => settings.onMessage(channel, payload ?? ''))
    fresh.on('error', (error) => again(fresh, error))
    fresh.on('end', () => again(fresh, new Error('the listening connection ended')))
    try {
      await fresh.connect()
      for (const channel of settings.channels) await fresh.query(`listen ${channel}`)
    } catch (error) {
      again(fresh, error as Error)
    }
  }
  const again = (lost: pg.Client, error: Error): void => {
    if (stopped || client !== lost) return
    client = undefined
    settings.onLost(error)
    lost.end().catch(() => undefined) // It is broken already; this only lets go of its socket.
    timer = setTimeout(() => void connect(), AGAIN_MS)
  }
  void connect()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await client?.end().catch(() => undefined)
    },
  }
}
