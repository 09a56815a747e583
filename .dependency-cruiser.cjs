/**
 * The arrows between parts: imports go down, never up, never in a circle. Read by `npm run tidy`, whose fixture has one
 * import of each forbidden kind. Tests may import what they like; nothing may import a test.
 */
const TEST = '(?:\\.test\\.[^/]+$|(?:^|/)test/)'
const GATEWAY = '^apps/gateway/src/'

/** From the top down. `only` names what a part may import within its own floor; nothing where it is absent. */
const GATEWAY_FLOORS = [
  [{ name: 'main', path: 'main\\.ts$', only: [] }],
  [
    { name: 'compose', path: 'compose\\.ts$', only: ['roles', 'config'] },
    { name: 'roles', path: 'roles/' },
    { name: 'config', path: 'config\\.ts$' },
  ],
  [
    { name: 'http', path: 'http/' },
    { name: 'worker', path: 'worker/' },
  ],
  [{ name: 'domain', path: 'domain/' }],
  [
    { name: 'database', path: 'database/' },
    { name: 'acquirers', path: 'acquirers/' },
    { name: 'outbound', path: 'outbound/' },
    { name: 'observability', path: 'observability/' },
  ],
]

/** From the top down: the floors within the domain. What lies in no folder (money, ids, clock, caller) is below them all. */
const DOMAIN_FLOORS = [
  ['reports'],
  ['refunds', 'subscriptions', 'static-codes'],
  ['orders'],
  ['customers', 'cards', 'fraud'],
  [
    'merchants',
    'api-keys',
    'members',
    'sessions',
    'alerts',
    'limits',
    'error-records',
    'idempotency',
    'audit-log',
    'ledger',
    'notifications',
    'payouts',
    'sealing',
    'signatures',
  ],
]
const DOMAIN_NAMES = DOMAIN_FLOORS.flat()
const domainPath = (names) => `${GATEWAY}domain/(?:${names.join('|')})/`

function gatewayRules() {
  return GATEWAY_FLOORS.flatMap((floor, level) => {
    const above = GATEWAY_FLOORS.slice(0, level).flat()
    const up = {
      name: `up-from-${floor.map(({ name }) => name).join('-')}`,
      comment: 'Imports go down: take what is above as a parameter.',
      severity: 'error',
      from: { path: GATEWAY + `(?:${floor.map(({ path }) => path).join('|')})`, pathNot: TEST },
      to: { path: GATEWAY + `(?:${above.map(({ path }) => path).join('|')})` },
    }
    return [...(above.length > 0 ? [up] : []), ...floor.flatMap((part) => acrossRules(floor, part))]
  })
}

/** Within a floor a part imports its neighbours where that is written down, and nowhere else. */
function acrossRules(floor, part) {
  const others = floor.filter((other) => other !== part && !(part.only ?? []).includes(other.name))
  if (others.length === 0) return []
  return [
    {
      name: `across-from-${part.name}`,
      comment:
        'Parts of one floor do not know each other: what both need belongs below them, what joins them above. A type is no dependency.',
      severity: 'error',
      from: { path: GATEWAY + part.path, pathNot: TEST },
      to: { path: GATEWAY + `(?:${others.map(({ path }) => path).join('|')})`, dependencyTypesNot: ['type-only'] },
    },
  ]
}

function domainRules() {
  const up = DOMAIN_FLOORS.slice(1).map((names, index) => ({
    name: `up-within-domain-from-${names[0]}`,
    comment: 'Inside the domain a noun knows those below it and its neighbours, never those above.',
    severity: 'error',
    from: { path: domainPath(names), pathNot: TEST },
    to: { path: domainPath(DOMAIN_FLOORS.slice(0, index + 1).flat()) },
  }))
  return [
    ...up,
    {
      name: 'up-within-domain-from-the-ground',
      comment: 'What every noun stands on knows none of them.',
      severity: 'error',
      from: { path: `${GATEWAY}domain/[^/]+$`, pathNot: TEST },
      to: { path: `${GATEWAY}domain/[^/]+/` },
    },
    {
      name: 'domain-noun-without-a-floor',
      comment: 'A new noun needs a place among the floors: add it to DOMAIN_FLOORS in .dependency-cruiser.cjs.',
      severity: 'error',
      from: { pathNot: TEST },
      to: { path: `${GATEWAY}domain/[^/]+/`, pathNot: domainPath(DOMAIN_NAMES) },
    },
    {
      name: 'domain-knows-what-is-below-by-type',
      comment: 'The domain gets the database, acquirers and the rest as parameters: write `import type`.',
      severity: 'error',
      from: { path: `${GATEWAY}domain/`, pathNot: TEST },
      to: {
        path: `${GATEWAY}(?:database|acquirers|outbound|observability)/`,
        dependencyTypesNot: ['type-only'],
      },
    },
  ]
}

/** Each part outside the gateway, and all that it may import of ours beside itself. */
const PARTS = [
  { name: 'wire', path: '^packages/wire/', may: [] },
  { name: 'vault', path: '^packages/vault/', may: [] },
  { name: 'redaction', path: '^packages/redaction/', may: ['^packages/wire/'] },
  { name: 'sdk', path: '^packages/sdk/', may: ['^packages/(?:wire|vault|redaction)/'] },
  { name: 'gateway', path: '^apps/gateway/', may: ['^packages/(?:wire|vault|redaction)/'] },
  { name: 'checkout', path: '^apps/checkout/', may: ['^packages/wire/'] },
  { name: 'dashboard', path: '^apps/dashboard/', may: ['^packages/wire/'] },
  { name: 'scanner', path: '^apps/scanner/', may: ['^packages/(?:wire|redaction)/'] },
  { name: 'cli', path: '^apps/cli/', may: ['^apps/gateway/', '^packages/', '^scripts/bootstrap\\.mjs$'] },
  { name: 'bench', path: '^bench/', may: ['^apps/(?:gateway|cli)/', '^packages/'] },
  { name: 'examples', path: '^examples/([^/]+)/', may: ['^packages/sdk/'] },
]

function partRules() {
  return PARTS.map(({ name, path, may }) => ({
    name: `from-${name}`,
    comment: `This part may import ${may.length === 0 ? 'nothing else of ours' : 'less of ours'}: see PARTS in .dependency-cruiser.cjs.`,
    severity: 'error',
    from: { path, pathNot: TEST },
    // $1 is the example's own name, where there is one.
    to: { path: '^(?:apps|packages|examples|scripts|bench)/', pathNot: [path.replace('([^/]+)', '$1'), ...may] },
  }))
}

/** Within the dashboard: app → features → shared, and no feature knows another. */
const DASHBOARD = '^apps/dashboard/src/'

function dashboardRules() {
  return [
    {
      name: 'dashboard-feature-from-another',
      comment: 'Features do not know each other: what two of them need belongs in shared, what joins them is a link.',
      severity: 'error',
      from: { path: `${DASHBOARD}features/([^/]+)/`, pathNot: TEST },
      to: { path: `${DASHBOARD}features/`, pathNot: `${DASHBOARD}features/$1/` },
    },
    {
      name: 'dashboard-up-to-the-app',
      comment: 'Imports go down: app → features → shared.',
      severity: 'error',
      from: { path: `${DASHBOARD}(?:features|shared)/`, pathNot: TEST },
      to: { path: `${DASHBOARD}app/` },
    },
    {
      name: 'dashboard-up-from-shared',
      comment: 'What every feature stands on knows none of them.',
      severity: 'error',
      from: { path: `${DASHBOARD}shared/`, pathNot: TEST },
      to: { path: `${DASHBOARD}features/` },
    },
    {
      name: 'dashboard-lean-wire',
      comment: 'Schemas bring their library along; the browser takes lists and types of the wire, never a schema.',
      severity: 'error',
      from: { path: DASHBOARD, pathNot: TEST },
      to: { path: '^packages/wire/src/.*schemas\\.ts$', dependencyTypesNot: ['type-only'] },
    },
  ]
}

module.exports = {
  forbidden: [
    {
      name: 'circle',
      comment: 'Neither can be understood, tested or moved without the other: what both need belongs in a third file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-found',
      comment: 'The import leads nowhere, so its arrow cannot be checked either.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'into-a-test',
      comment: 'What runs must not depend on what is there for tests.',
      severity: 'error',
      from: { path: '^(?:apps|packages|examples)/', pathNot: TEST },
      to: { path: TEST, pathNot: 'node_modules' },
    },
    ...partRules(),
    ...gatewayRules(),
    ...domainRules(),
    ...dashboardRules(),
  ],
  options: {
    doNotFollow: { path: ['(?:^|/)node_modules/'] },
    // The unsafe shop is wrong on purpose; a program of it imports what is not installed.
    exclude: { path: ['(?:^|/)dist/', '^examples/unsafe-shop/'] },
    tsPreCompilationDeps: 'specify', // Keeps imports by type, and says that they are.
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['ucanpay-source', 'types', 'import', 'require', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mts', '.d.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
