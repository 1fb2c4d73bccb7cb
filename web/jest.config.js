import base from '../jest.config.js';

const e2e = base.projects[1];

/** @type {import('jest').Config} */
export default {
  ...e2e,
  displayName: 'web',
  rootDir: '..',
  testMatch: ['<rootDir>/web/test/*.spec.ts', '<rootDir>/test/**/*.browser-spec.ts'],
  testPathIgnorePatterns: [],
  // Browsers take the memory and the time of several tests.
  maxWorkers: 2,
  workerIdleMemoryLimit: base.workerIdleMemoryLimit,
  testTimeout: base.testTimeout,
};
