import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { filesForPosix, filesWithoutSetting, filesWithoutTool } from './test/support/tools.js';

/** Files that test with signals, shells or file modes, none of which Windows has. */
export const POSIX_FILES = [
  'test/auth/(key-rotation|revocation).process-spec',
  'test/backup/(backup|drill).process-spec',
  'test/changes/stream-ends.process-spec',
  'test/doctor/doctor.process-spec',
  'test/embedded-postgres/(accounts|leftovers).process-spec',
  'test/http/(log|log-canaries|outbound).process-spec',
  'test/identity/(log|start).process-spec',
  'test/mcp/mcp-docs.e2e-spec',
  'test/mcp/process.process-spec',
  'test/portability/import-export-docs.e2e-spec',
  'test/process/(instances|nginx|shutdown|start).process-spec',
  'test/project/readme.e2e-spec',
  'test/feeds/feeds-docs.e2e-spec',
  'test/tokens/instances.process-spec',
  'test/tokens/tokens-docs.e2e-spec',
  'test/tracing/(context|export|modules|spans).process-spec',
];

/**
 * Programs that npm cannot install, and the files that test with them. On a machine without one its
 * file is left out, and said so; REQUIRE_TOOLS=true, as CI sets it, has the file fail instead.
 */
const leftOut = filesWithoutTool({
  'redis-server': 'test/((doctor|rate-limit)/redis|http/settings).e2e-spec',
  curl: 'test/(feeds/feeds-docs|mcp/mcp-docs|portability/import-export-docs|project/readme|tokens/tokens-docs).e2e-spec',
  wrk: 'test/project/wrk.process-spec',
  nginx: 'test/process/(nginx|instances).process-spec',
  '/usr/lib/postgresql/15/bin/pg_dump': 'test/backup/drill.process-spec',
  promtool: 'test/metrics/promtool.e2e-spec',
  [process.env.PGBOUNCER ?? 'pgbouncer']: 'test/(database|doctor)/pgbouncer.process-spec',
}).concat(
  filesForPosix(POSIX_FILES),
  filesWithoutSetting({ CITUS_URL: 'test/cluster/cluster.e2e-spec' }),
);

// Jest says `test`, and Better Auth then stops checking where a request comes from.
process.env.NODE_ENV = 'development';

// Workers, and the programs that tests start, find what V8 has compiled before.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled');

/** Common to both projects: TypeScript through swc, as ES modules, imports written with `.js`. */
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
};

const shared = '<rootDir>/test/support/shared-modules.js';

/** Common to the tests over HTTP. */
const e2e = {
  ...base,
  testEnvironment: '<rootDir>/test/support/shared-environment.js',
  // The compiled program, which is what ships.
  moduleNameMapper: {
    '^(?:\\.\\./)+src/(.*)\\.js$': '<rootDir>/dist/$1.js',
    ...base.moduleNameMapper,
  },
  transform: {
    '/(dist|node_modules)/.*\\.[cm]?js$': shared,
    // Compiles a schema for each response that it is given.
    '/test/support/openapi\\.ts$': shared,
    ...base.transform,
  },
  transformIgnorePatterns: [],
  testPathIgnorePatterns: leftOut,
  globalSetup: '<rootDir>/test/support/global-setup.js',
  globalTeardown: '<rootDir>/test/support/global-teardown.js',
};

/** @type {import('jest').Config} */
export default {
  projects: [
    {
      ...base,
      displayName: 'unit',
      // The web client's packages are compiled with it.
      testEnvironmentOptions: { customExportConditions: ['@taskward/source', 'node'] },
      testMatch: ['<rootDir>/{src,web/src}/**/*.spec.ts'],
    },
    { ...e2e, displayName: 'e2e', testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'] },
    // They compile or start programs, or compare many times: half of the time of all tests.
    { ...e2e, displayName: 'processes', testMatch: ['<rootDir>/test/**/*.process-spec.ts'] },
  ],
  // Two programs are started in some tests, on a machine that may be busy.
  testTimeout: 60_000,
  // By itself Jest leaves one processor unused; but many tests wait for a time-out, or for a process.
  maxWorkers: availableParallelism() + 3,
  // A worker that has grown is replaced, as ES modules are never unloaded. With a limit Jest runs
  // nothing in its own process, either, where what a failed test leaves open would keep it from ending.
  workerIdleMemoryLimit: '1GB',
};
