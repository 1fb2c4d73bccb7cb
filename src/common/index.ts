export { HourlyWork } from './hourly-work.js';
export { DAY_PATTERN, isCalendarDate, parseInstant, TIME_PATTERN } from './instant.js';
export { createLogger, NestLogger } from './logger.js';
export { KeyedSemaphore } from './keyed-semaphore.js';
export { instantOfLocal, isTimeZone, startOfDay } from './time-zone.js';
export { VERSION } from './version.js';
export { withTimeout } from './with-timeout.js';
