export { IdentityModule } from './identity.module.js';
export { describeAccounts } from './identity.openapi.js';
export { rotateKeys } from './key-rotation.js';
