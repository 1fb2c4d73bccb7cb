/** The boundaries of docs/architecture.md. test/project/checks.process-spec.ts breaks each of them once. */

/** Folders that know no feature. Every other folder of src is a feature, listed or not. */
const libraries =
  'common|config|database|embedded-postgres|http|issuer|metrics|openapi|problems|resource|tracing|validation';
const withoutOpenTelemetry = 'index|start-tracing|tracer';
const spec = '[.]spec[.]ts$';

/** Matches a package and the types it borrows, wherever node_modules lies. */
const packages = (names) => `(^|/)node_modules/(${names})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment:
        'A cycle has no bottom to start reading from, and ES modules see half of it undefined. Types may: an entity names its repository, which has the type of its rows.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that imports nothing and that nothing imports is forgotten.',
      severity: 'error',
      from: { orphan: true, pathNot: spec },
      to: {},
    },
    {
      name: 'libraries-below-features',
      comment: 'A library serves every feature and knows none; a folder that is new is a feature.',
      severity: 'error',
      from: { path: `^src/(${libraries})/` },
      to: { path: '^src/[^/]+/', pathNot: `^src/(${libraries})/` },
    },
    {
      name: 'database-below-resources',
      comment: 'The database runs scoped queries; it does not know what they are for.',
      severity: 'error',
      from: { path: '^src/(common|config|database|embedded-postgres|problems|validation)/' },
      to: { path: '^src/(http|issuer|openapi|resource)/' },
    },
    {
      name: 'metrics-below-all',
      comment: 'Every module counts; the metrics know none of them.',
      severity: 'error',
      from: { path: '^src/metrics/' },
      to: { path: '^src/[^/]+/', pathNot: '^src/(config|metrics|problems)/' },
    },
    {
      name: 'prom-client-only-in-metrics',
      comment: 'All names and labels are in one folder, which docs/metrics.md describes.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/metrics/' },
      to: { path: packages('prom-client') },
    },
    {
      name: 'tracing-below-all',
      comment: 'Every layer has spans; tracing knows none of them.',
      severity: 'error',
      from: { path: '^src/tracing/' },
      to: { path: '^src/[^/]+/', pathNot: '^src/(common|config|problems|tracing)/' },
    },
    {
      name: 'opentelemetry-only-in-tracing',
      comment: 'Nobody else can load it, so that it costs nothing while it is off.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/tracing/' },
      to: { path: packages('@opentelemetry/[^/]+') },
    },
    {
      name: 'opentelemetry-on-demand',
      comment: 'These files are loaded at every start: of the others they may import types.',
      severity: 'error',
      from: { path: `^src/tracing/(${withoutOpenTelemetry})[.]ts$` },
      to: {
        path: ['^src/tracing/', packages('@opentelemetry/[^/]+')],
        pathNot: `^src/tracing/(${withoutOpenTelemetry})[.]ts$`,
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'mcp-sdk-on-demand',
      comment:
        'Large, and of use to few: it is loaded with the first message. Types may be imported.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/mcp/mcp-server[.]ts$' },
      to: {
        path: ['^src/mcp/mcp-server[.]ts$', packages('@modelcontextprotocol/[^/]+')],
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'auth-and-identity-apart',
      comment: 'The issuer is replaceable by a remote one: app.module.ts joins the two by tokens.',
      severity: 'error',
      from: { path: '^src/(auth|identity)/' },
      to: { path: '^src/(auth|identity)/', pathNot: '^src/$1/' },
    },
    {
      name: 'tasks-without-identity',
      comment: 'tasks knows a current user, never who issued the token.',
      severity: 'error',
      from: { path: '^src/tasks/' },
      to: { path: '^src/identity/' },
    },
    {
      name: 'one-door-per-module',
      comment: 'The files of another folder are its own business: import its index.ts.',
      severity: 'error',
      from: { path: '^src/([^/]+)', pathNot: spec },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index[.]ts$'] },
    },
    {
      name: 'nothing-reaches-back',
      comment:
        'The files at the top of src compose the modules; no module knows how it is composed.',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/[^/]+[.]ts$' },
    },
    {
      name: 'src-stands-alone',
      comment: 'What ships does not import tests, scripts, benchmarks or the web client.',
      severity: 'error',
      from: { path: '^src/', pathNot: spec },
      to: { path: '^(test|web|bench|scripts)/' },
    },
    {
      name: 'better-auth-only-in-identity',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/identity/' },
      to: { path: packages('better-auth|@better-auth/[^/]+') },
    },
    {
      name: 'passport-only-in-auth',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/auth/' },
      to: { path: packages('passport[^/]*|@nestjs/passport|@types/passport[^/]*') },
    },
    {
      name: 'orm-only-near-tables',
      comment:
        'Of a feature only its repositories, entities and the module that registers them see the ORM.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/database/',
          '^src/resource/',
          '[.](repository|entity|module|sql)([.]spec)?[.]ts$',
        ],
      },
      to: { path: packages('@mikro-orm/[^/]+|kysely') },
    },
    {
      name: 'pg-only-where-pools-live',
      comment: "The database's pool, Better Auth's own, and the connections of commands.",
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(backup|database|doctor|embedded-postgres|identity)/' },
      to: { path: packages('pg|@types/pg') },
    },
    {
      name: 'processes-only-for-postgresql',
      comment: 'No other program is started, so that nothing of a request can become a command.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/embedded-postgres/' },
      to: { path: '^(node:)?child_process$' },
    },
    {
      name: 'not-to-dev-dep',
      comment: 'The image is installed without devDependencies: this import would fail at start.',
      severity: 'error',
      from: { path: '^src/', pathNot: spec },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: packages('@types/[^/]+'),
      },
    },
    {
      name: 'no-non-package-json',
      comment: 'It works only as long as another package happens to bring it along.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    // Type-only imports couple modules as well.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
