export { HourlyWork } from './hourly-work.js';
export { createLogger, NestLog } from './logger.js';
export { Turns } from './turns.js';
export { VERSION } from './version.js';
export { withTimeout } from './with-timeout.js';
