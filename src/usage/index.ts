export { QuotaExceeded } from './quota-exceeded.js';
export { UsageModule } from './usage.module.js';
export { UsageRepository } from './usage.repository.js';
export { addBytes, addTasks, addToUsage } from './usage.sql.js';
