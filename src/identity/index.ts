export { IdentityModule } from './identity.module.js';
export { identityPaths } from './identity.openapi.js';
