import { defineConfig } from 'vitest/config'

// Here alone a setting comes from the environment: which reporters the run has. The tests themselves see none of it.
const reportFile = process.env['UCANPAY_TEST_REPORT']

/** `ucanpay-source` makes `ucanpay-sdk` mean its sources, so that tests never run against a build of yesterday. */
const conditions = ['ucanpay-source', 'node']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      'packages/**/*.test.ts',
      'apps/**/*.test.{ts,tsx}',
      'examples/**/*.test.ts',
      'test/**/*.test.ts',
      'scripts/**/*.test.{ts,mjs}',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', '.cache/**', '.ucanpay/**'],
    globalSetup: ['apps/gateway/test/support/global-setup.ts'],
    pool: 'forks',
    // A developer's machine has two cores to spare, and each worker keeps PostgreSQL busy as well.
    maxWorkers: 2,
    // Limits for what hangs; a machine that others use as well is slow, and no slower run is a failure.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
    reporters: reportFile ? ['default', 'json'] : ['default'],
    ...(reportFile ? { outputFile: { json: reportFile } } : {}),
  },
})
