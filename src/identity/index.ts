export { IdentityModule } from './identity.module.js';
export { identityPaths } from './identity.openapi.js';
export { rotateKeys } from './key-rotation.js';
