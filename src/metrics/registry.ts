import { Registry } from './prom-client.js';

/** The metrics of this process. Several apps in one process, as in tests, share them. */
export const registry = new Registry();
