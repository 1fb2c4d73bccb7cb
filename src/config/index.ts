export { reservePort } from './reserve-port.js';
export { readDevelopmentSecret, resolveEnv } from './resolve-env.js';
export type { DatabaseLimits } from './database-limits.js';
export { Env, ENV, envConfig, EnvironmentError, parseEnv, STARTED_BY_NPM } from './env.js';
export { Digits } from './env.decorators.js';
export { isLoopback, parseUrl } from './env.validators.js';
export { makeDirectory } from './make-directory.js';
export { readEnv } from './read-env.js';
