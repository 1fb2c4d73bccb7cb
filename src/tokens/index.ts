export { StoredTokensModule } from './stored-tokens.module.js';
export { TokensModule } from './tokens.module.js';
