import { randomUUID } from 'node:crypto';
import { createDatabase, withOwner } from './database.js';
import type { IssuerSettings } from './remote-issuer-process.js';
import { RemoteProcess } from './remote-process.js';
import { AUDIENCE } from './tokens.js';

/** Somebody who is signed in at a remote issuer. */
export interface RemoteUser {
  readonly id: string;
  /** Everything the sign-up set, as a `Cookie` header. */
  readonly cookie: string;
}

const SCRIPT = new URL('./remote-issuer-process.ts', import.meta.url);
const SECRET = 'vN3kT8xQ1mW6zR4bY9pL2cH7sJ5dF0gA';

/** A second Better Auth, in a process and a database of its own, that can die and come back. */
export class RemoteIssuer {
  #process: RemoteProcess | undefined;
  #url = '';

  private constructor(private readonly settings: IssuerSettings) {}

  static async start(alg: IssuerSettings['alg'] = 'EdDSA'): Promise<RemoteIssuer> {
    const databaseUrl = await createDatabase({ empty: true });
    const rest = { secret: SECRET, audience: AUDIENCE, port: 0 };
    const issuer = new RemoteIssuer({ databaseUrl, alg, ...rest });
    await issuer.restart();
    return issuer;
  }

  get url(): string {
    return this.#url;
  }

  get secret(): string {
    return this.settings.secret;
  }

  /** Variables of a Taskward that trusts this issuer. */
  get variables(): Record<string, string> {
    const trusted = { AUTH_ISSUER: this.#url, AUTH_AUDIENCE: this.settings.audience };
    return this.settings.alg === 'HS256'
      ? { AUTH_MODE: 'secret', BETTER_AUTH_SECRET: this.secret, ...trusted }
      : {
          AUTH_MODE: 'jwks',
          BETTER_AUTH_SECRET: '',
          AUTH_JWKS_URL: `${this.#url}/api/auth/jwks`,
          ...trusted,
        };
  }

  async signUp(name: string): Promise<RemoteUser> {
    const email = `${name}.${randomUUID()}@example.com`;
    const response = await this.#post('sign-up', {
      name,
      email,
      password: 'correct horse battery',
    });
    const { user } = (await response.json()) as { user: { id: string } };
    return { id: user.id, cookie: this.#cookieOf(response) };
  }

  async token({ cookie }: RemoteUser): Promise<string> {
    const response = await fetch(`${this.#url}/api/auth/token`, { headers: { cookie } });
    return ((await response.json()) as { token: string }).token;
  }

  /** Signs what it is told, with options changed: for another audience, for instance. */
  async mint(
    payload: Record<string, unknown>,
    changes: Record<string, unknown> = {},
  ): Promise<string> {
    return (await this.#running()).call('mint', payload, changes);
  }

  /** The token in the e-mail that was sent last. */
  async mailedToken(): Promise<string> {
    return (await this.#running()).call('mailed');
  }

  /** As `rotationInterval` does it: the key's time is over, and the next token makes a new one. */
  async rotate(): Promise<void> {
    await withOwner(this.settings.databaseUrl, (client) =>
      client.query(`update jwks set "expiresAt" = now() - interval '1 second'`),
    );
  }

  /** Ends its process without warning; what it stored stays. */
  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = undefined;
  }

  /** On the same database and at the same address, once it has one. */
  async restart(): Promise<void> {
    this.#process = new RemoteProcess(SCRIPT);
    const port = Number(new URL(this.#url || 'http://localhost:0').port);
    this.#url = await this.#process.call('start', { ...this.settings, port });
  }

  #running(): Promise<RemoteProcess> {
    return this.#process ? Promise.resolve(this.#process) : Promise.reject(new Error('it is down'));
  }

  async #post(what: string, body: unknown): Promise<Response> {
    const response = await fetch(`${this.#url}/api/auth/${what}/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.#url },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${what}: ${await response.text()}`);
    return response;
  }

  #cookieOf(response: Response): string {
    return response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
  }
}
