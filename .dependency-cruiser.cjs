/** Who may import whom. Imports go down, never up, never in a circle; within a floor only where written here. */
const G = '^apps/gateway/src/'

/** The floors of the gateway, lowest first. What stands on one floor may use those below it. */
const FLOORS = [['database', 'acquirers', 'outbound', 'observability'], ['domain'], ['http', 'worker'], ['roles']]
/** The floors inside the domain. */
const DOMAIN = [
  ['merchants', 'api-keys', 'audit-log', 'sealing', 'signatures', 'ledger', 'notifications'],
  ['cards'],
  ['orders'],
  ['refunds'],
]

const above = (floors, prefix) =>
  floors.slice(0, -1).map((floor, index) => ({
    name: `${floor.join('-')}-imports-upwards`,
    comment: 'Move what is shared down to the lower floor, or hand it down as a parameter.',
    severity: 'error',
    from: { path: `${prefix}(${floor.join('|')})/` },
    to: {
      path: `${prefix}(${floors
        .slice(index + 1)
        .flat()
        .join('|')})/`,
    },
  }))

module.exports = {
  forbidden: [
    {
      name: 'circle',
      comment: 'Two files that need each other are one thing, or miss a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...above(FLOORS, G),
    ...above(DOMAIN, `${G}domain/`),
    {
      name: 'only-main-and-the-command-line-compose',
      comment: 'compose.ts and main.ts are at the top: everything else is handed what it needs.',
      severity: 'error',
      from: { path: G, pathNot: `${G}main\\.ts$` },
      to: { path: `${G}(compose|main)\\.ts$` },
    },
    {
      name: 'domain-knows-the-floor-below-by-type-only',
      comment: 'Take the thing itself as a parameter.',
      severity: 'error',
      from: { path: `${G}domain/` },
      to: { path: `${G}(database|acquirers|outbound|observability)/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-has-no-way-out',
      comment: 'No HTTP, no files, no framework in the domain.',
      severity: 'error',
      from: { path: `${G}domain/` },
      to: { path: '^(fastify|undici|pg|node:(http|https|fs|net|tls))' },
    },
    {
      name: 'only-cards-and-secrets-open-envelopes',
      comment: 'Only domain/cards and domain/sealing know the vault; notification secrets are sealed with it as well.',
      severity: 'error',
      from: {
        path: G,
        pathNot: `${G}(compose\\.ts|domain/(cards|sealing)/|domain/notifications/notification-secrets\\.ts)`,
      },
      to: { path: '^packages/vault/' },
    },
    {
      name: 'wire-and-vault-use-nothing-of-ours',
      severity: 'error',
      comment: '',
      from: { path: '^packages/(wire|vault)/' },
      to: { path: '^(apps|examples|packages/(sdk|redaction))/' },
    },
    {
      name: 'wire-has-no-io',
      severity: 'error',
      comment: 'It runs in browsers.',
      from: { path: '^packages/wire/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^node:' },
    },
    {
      name: 'redaction-uses-wire-only',
      severity: 'error',
      comment: '',
      from: { path: '^packages/redaction/' },
      to: { path: '^(apps|examples|packages/(sdk|vault))/' },
    },
    {
      name: 'sdk-uses-packages-only',
      severity: 'error',
      comment: '',
      from: { path: '^packages/sdk/src/' },
      to: { path: '^(apps|examples)/' },
    },
    {
      name: 'front-ends-use-wire-only',
      severity: 'error',
      comment: '',
      from: { path: '^apps/checkout/src/' },
      to: { path: '^(apps/(gateway|cli)|examples|packages/(sdk|vault|redaction))/' },
    },
    {
      name: 'examples-use-the-sdk-only',
      severity: 'error',
      comment: 'They are what a merchant writes.',
      from: { path: '^examples/' },
      to: { path: '^(apps|packages/(wire|vault|redaction))/' },
    },
    {
      name: 'nobody-imports-the-command-line',
      severity: 'error',
      comment: '',
      from: { path: '^(apps/(gateway|checkout)|packages|examples)/.*src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^apps/cli/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/|\\.test\\.tsx?$|/test/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['ucanpay-source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
}
