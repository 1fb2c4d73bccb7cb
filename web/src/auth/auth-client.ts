import { jwtClient } from 'better-auth/client/plugins';
import { createAuthClient } from 'better-auth/react';

/** Better Auth's client, for the issuer that is embedded in the API. */
export const authClient = createAuthClient({ plugins: [jwtClient()] });
