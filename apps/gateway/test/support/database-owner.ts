/**
 * A process that owns an embedded database until it is killed, for tests of kills and contention.
 * Prints one line of JSON: what it got, or the name and the words of the error that it met, and then ends.
 */
import { startEmbeddedDatabase } from '../../src/database/embedded/start.ts'

const folder = process.argv[2] ?? ''
try {
  const { databaseUrl, adopted, pid } = await startEmbeddedDatabase({ folder })
  console.log(JSON.stringify({ databaseUrl, adopted, serverPid: pid }))
} catch (error) {
  const { name, message } = error as Error
  console.log(JSON.stringify({ error: name, message }))
}
