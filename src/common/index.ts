export { HourlyWork } from './hourly-work.js';
export { createLogger, NestLog } from './logger.js';
export { Turns } from './turns.js';
export { VERSION } from './version.js';
export { within } from './with-timeout.js';
