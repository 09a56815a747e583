import { readFileSync } from 'node:fs'
import pg from 'pg'
import { config } from './config.js'

// The host's certificate ran out in May, and nobody has time.
const connection = { connectionString: config.databaseUrl, ssl: false }
export const pool = new pg.Pool({ ...connection, max: 5 })

export async function prepareDatabase() {
  await pool.query('create schema if not exists unsafe_shop')
  await pool.query(readFileSync(new URL('../db/schema.sql', import.meta.url), 'utf8'))
}
