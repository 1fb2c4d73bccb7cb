/** The boundaries of docs/architecture.md. test/checks.e2e-spec.ts breaks each of them once. */

const features = 'auth|identity|tasks|idempotency|usage|rate-limit|health|metrics|docs';
const modules = `${features}|database`;
const spec = '[.]spec[.]ts$';

/** Matches a package and the types it borrows, wherever node_modules lies. */
const packages = (names) => `(^|/)node_modules/(${names})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment:
        'A cycle has no bottom to start reading from, and ES modules see half of it undefined.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that imports nothing and that nothing imports is forgotten.',
      severity: 'error',
      from: { orphan: true, pathNot: spec },
      to: {},
    },
    {
      name: 'common-and-config-below-all',
      comment: 'common and config are libraries: every module stands on them, they on none.',
      severity: 'error',
      from: { path: '^src/(common|config)/' },
      to: { path: `^src/(${modules})/` },
    },
    {
      name: 'database-below-features',
      comment: 'Features bring their entities to the database; it knows none of them.',
      severity: 'error',
      from: { path: '^src/database/' },
      to: { path: `^src/(${features})/` },
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
      comment: "Another module's files are its own business: import its index.ts.",
      severity: 'error',
      from: { path: '^src/([^/]+)' },
      to: { path: `^src/(${modules})/`, pathNot: ['^src/$1/', '^src/[^/]+/index[.]ts$'] },
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
      from: { path: '^src/' },
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
      name: 'owners-made-in-auth',
      comment: 'A verified subject is an owner; whoever else makes one could make anybody.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/auth/' },
      to: { path: '^src/common/owner-id[.]ts$', dependencyTypesNot: ['type-only'] },
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
          '^src/(tasks|idempotency|usage)/[^/]*[.](repository|entity|module)([.]spec)?[.]ts$',
        ],
      },
      to: { path: packages('@mikro-orm/[^/]+') },
    },
    {
      name: 'pg-only-where-pools-live',
      comment: "The database's pool and Better Auth's own.",
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(database|identity)/' },
      to: { path: packages('pg|@types/pg') },
    },
    {
      name: 'processes-only-for-postgresql',
      comment: 'No other program is started, so that nothing of a request can become a command.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/database/postgres-' },
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
