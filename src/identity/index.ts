export { IdentityModule } from './identity.module.js';
export { describeAccounts } from './identity.openapi.js';
export { rotateKeys } from './key-rotation.js';
export { inspectSigningKey } from './inspect-signing-key.js';
export { createTransport } from './mailer.js';
