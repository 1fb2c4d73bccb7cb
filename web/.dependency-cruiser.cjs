/** The boundaries of the web client, as docs/web.md describes them. */

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle has no bottom to start reading from. Types may.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'web-stands-alone',
      comment: 'The web client knows the API by @taskward/client alone.',
      severity: 'error',
      from: { path: '^web/src/' },
      to: { path: '^(src|test|scripts|bench)/' },
    },
    {
      name: 'libraries-below-features',
      comment: 'Texts and shared components serve every feature, and know none but its texts.',
      severity: 'error',
      from: { path: '^web/src/(i18n|ui)/' },
      to: {
        path: '^web/src/[^/]+/',
        pathNot: ['^web/src/(i18n|ui)/', '^web/src/[^/]+/texts[.][a-z]{2}[.]ts$'],
      },
    },
    {
      name: 'auth-below-features',
      comment: 'auth knows who is signed in, not what for.',
      severity: 'error',
      from: { path: '^web/src/auth/' },
      to: { path: '^web/src/(account|feeds|lists|tasks|tokens|transfer)/' },
    },
    {
      name: 'features-apart',
      comment: 'app/ puts the features together.',
      severity: 'error',
      from: { path: '^web/src/(account|feeds|lists|tasks|tokens|transfer)/' },
      to: { path: '^web/src/(account|tasks)/', pathNot: '^web/src/$1/' },
    },
    {
      name: 'lists-for-tasks',
      comment: 'A task is in a list; an account and its tokens are in none.',
      severity: 'error',
      from: { path: '^web/src/(account|tokens)/' },
      to: { path: '^web/src/lists/' },
    },
    {
      name: 'secrets-for-the-account',
      comment: 'The account page shows the personal tokens and the calendar feeds.',
      severity: 'error',
      from: { path: '^web/src/(lists|tasks)/' },
      to: { path: '^web/src/(feeds|tokens)/' },
    },
    {
      name: 'better-auth-only-in-auth',
      severity: 'error',
      from: { path: '^web/src/', pathNot: '^web/src/auth/' },
      to: { path: '(^|/)node_modules/(better-auth|@better-auth/[^/]+)/' },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'web/tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@taskward/source', 'import', 'browser', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
