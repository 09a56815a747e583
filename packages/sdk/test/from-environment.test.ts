import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'
import { UCanPayConfigError, clientFromEnvironment } from '../src/index.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

function environment(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
}

test('a client is made of the environment, and shows none of it', () => {
  environment({ UCANPAY_API_URL: 'https://gateway.example', UCANPAY_API_KEY: 'ucp_sk_test_secret' })
  const client = clientFromEnvironment()
  expect(inspect(client, { depth: null, showHidden: true })).not.toContain('secret')
  expect(JSON.stringify(client)).toBe('{"baseUrl":"https://gateway.example"}')
})

test.each([
  [{}, 'The variable UCANPAY_API_URL is not set.'],
  [{ UCANPAY_API_URL: '  ' }, 'The variable UCANPAY_API_URL is not set.'],
  [{ UCANPAY_API_URL: 'https://gateway.example' }, 'The variable UCANPAY_API_KEY is not set.'],
  [
    { UCANPAY_API_URL: 'http://gateway.example', UCANPAY_API_KEY: 'k' },
    'baseUrl is http: keys and payments go over https only.',
  ],
  [
    { UCANPAY_API_URL: 'https://gateway.example', UCANPAY_API_KEY: 'k', UCANPAY_CA_FILE: '/nowhere/ca.pem' },
    'The file that UCANPAY_CA_FILE names cannot be read.',
  ],
])('what is missing is named: %o', (variables, message) => {
  environment({ UCANPAY_API_URL: '', UCANPAY_API_KEY: '', UCANPAY_API_KEY_FILE: '', ...variables })
  expect(() => clientFromEnvironment()).toThrow(new UCanPayConfigError(message))
})

test('what the caller says goes before the environment; a private key that is none is refused without being quoted', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'ucanpay-env-')), 'key.pem')
  writeFileSync(file, 'not a key at all')
  environment({ UCANPAY_API_URL: 'https://a.example', UCANPAY_API_KEY: 'k', UCANPAY_PRIVATE_KEY_FILE: file })
  expect(() => clientFromEnvironment()).toThrow('privateKey is not a private key in PEM.')
  vi.stubEnv('UCANPAY_PRIVATE_KEY_FILE', '')
  expect(JSON.stringify(clientFromEnvironment({ baseUrl: 'https://b.example' }))).toBe(
    '{"baseUrl":"https://b.example"}',
  )
})
