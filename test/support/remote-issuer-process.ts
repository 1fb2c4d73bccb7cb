import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { jwt, type JwtOptions } from 'better-auth/plugins';
import { SignJWT } from 'jose';
import { Pool } from 'pg';
import { serveCalls } from './remote-process.ts';

/** A Better Auth as others run it, independent of Taskward. */
export interface IssuerSettings {
  readonly databaseUrl: string;
  readonly secret: string;
  readonly audience: string;
  /** Algorithm of the tokens; `HS256` uses a custom function and the secret. */
  readonly alg: 'EdDSA' | 'ES256' | 'ES512' | 'RS256' | 'PS256' | 'HS256';
  /** 0 for any free port. */
  readonly port: number;
}

const server = createServer();
let mailed: string | undefined;

async function listen(port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** Better Auth does not sign with HS256 itself: users supply the function. */
function jwtOptions({ alg, audience, secret }: IssuerSettings, issuer: string): JwtOptions {
  const claims = { issuer, audience, expirationTime: '5m' };
  const subject: JwtOptions['jwt'] = {
    getSubject: ({ user }) => user.id,
    definePayload: ({ session }) => ({ sid: session.id }),
  };
  if (alg !== 'HS256') {
    return { jwks: { keyPairConfig: { alg } }, jwt: { ...claims, ...subject } };
  }
  const key = new TextEncoder().encode(secret);
  const sign = (payload: Record<string, unknown>) =>
    new SignJWT(payload).setProtectedHeader({ alg, typ: 'JWT' }).sign(key);
  // Never requested: the plugin requires a URL beside a function.
  const jwks = { remoteUrl: `${issuer}/none`, keyPairConfig: { alg: 'ES256' as const } };
  return { jwks, jwt: { ...claims, ...subject, sign } };
}

function createAuth(settings: IssuerSettings, baseURL: string) {
  const hasKeys = settings.alg !== 'HS256';
  return betterAuth({
    baseURL,
    secret: settings.secret,
    database: new Pool({ connectionString: settings.databaseUrl }),
    emailAndPassword: { enabled: true },
    emailVerification: {
      sendOnSignUp: true,
      sendVerificationEmail: ({ token }) => Promise.resolve(void (mailed = token)),
    },
    session: { cookieCache: { enabled: true, strategy: 'jwt' } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins: [jwt({ ...jwtOptions(settings, baseURL), sessionCookieCache: hasKeys })],
  });
}

let auth: ReturnType<typeof createAuth> | undefined;

serveCalls({
  async start(settings: IssuerSettings): Promise<string> {
    const url = await listen(settings.port);
    auth = createAuth(settings, url);
    await (await getMigrations(auth.options)).runMigrations();
    const handle = toNodeHandler(auth);
    server.on('request', (request, response) => void handle(request, response));
    return url;
  },
  /** Issues a token with claims and options that differ from a session's. */
  async mint(payload: Record<string, unknown>, changes: JwtOptions['jwt']) {
    const own = auth?.options.plugins[0].options.jwt;
    const body = { payload, overrideOptions: { jwt: { ...own, ...changes } } };
    return (await auth?.api.signJWT({ body }))?.token;
  },
  /** Returns the token in the last e-mail. */
  mailed: () => mailed,
});
