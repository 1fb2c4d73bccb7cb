import base from '../jest.config.js';
import { filesWithoutTool } from '../test/support/tools.js';

const leftOut = filesWithoutTool({
  python3: 'clients/(one-server|openapi-python-client|python|schemathesis).client-spec',
  go: 'clients/oapi-codegen.client-spec',
});

const e2e = base.projects[1];

/** @type {import('jest').Config} */
export default {
  ...e2e,
  displayName: 'clients',
  rootDir: '..',
  testMatch: ['<rootDir>/clients/*.client-spec.ts'],
  testPathIgnorePatterns: leftOut,
  // Generated code and Python's packages.
  modulePathIgnorePatterns: ['<rootDir>/clients/.work/'],
  maxWorkers: base.maxWorkers,
  workerIdleMemoryLimit: base.workerIdleMemoryLimit,
  // Modules are downloaded and compiled.
  testTimeout: 240_000,
};
