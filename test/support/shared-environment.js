import { createRequire } from 'node:module';
import { TestEnvironment } from 'jest-environment-node';

const requireShared = createRequire(import.meta.url);

/**
 * The environment of the e2e tests: the modules that `shared-modules.js` names are loaded once a worker,
 * by Node itself, for all of its test files.
 */
export default class SharedEnvironment extends TestEnvironment {
  /** @param {ConstructorParameters<typeof TestEnvironment>} parameters */
  constructor(...parameters) {
    super(...parameters);
    // A clock that a test sets is that of the shared modules, their errors are its errors, and what
    // decorators of a test declare is found by Nest.
    const builtIn = { Date, Reflect, AggregateError, Error, RangeError, SyntaxError, TypeError };
    Object.assign(this.global, { requireShared, ...builtIn });
  }
}
