import { parseEnv } from 'node:util';
import { load, resolveFrom } from './front-end-files.ts';
import { serveCalls } from './remote-process.ts';

/** Methods and types that a page of another origin may send without asking first. */
const SIMPLE = /^(GET|HEAD|POST)$/;
const isSimple = ({ method, headers }: Request) =>
  SIMPLE.test(method) &&
  !headers.has('authorization') &&
  !headers.get('content-type')?.includes('json');

const listed = (response: Response, name: string, value: string) =>
  response.headers.get(name)?.toLowerCase().split(/, */).includes(value.toLowerCase());

const requested: string[] = [];
/** How many of the next tokens get altered on the way. */
let spoiling = 0;

/**
 * `fetch` as a browser's page has it: with cookies, `Origin`, and the rules of CORS. Cookies go by
 * host name, whatever the port: the addresses of a test are one site.
 */
function browserFetch(origin: string): typeof fetch {
  const cookies = new Map<string, string>();
  const network = globalThis.fetch;

  function assertAllowed(response: Response, withCookies: boolean): void {
    const isAllowed =
      response.headers.get('access-control-allow-origin') === origin &&
      (!withCookies || response.headers.get('access-control-allow-credentials') === 'true');
    if (!isAllowed) throw new TypeError(`Refused by CORS: ${response.url}`);
  }

  async function preflight({ url, method, headers }: Request, withCookies: boolean): Promise<void> {
    const names = [...headers.keys()].filter((name) => /^(authorization|content-type)$/.test(name));
    const response = await network(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': names.join(','),
      },
    });
    assertAllowed(response, withCookies);
    const isAllowed =
      response.ok &&
      (SIMPLE.test(method) || listed(response, 'access-control-allow-methods', method)) &&
      names.every((name) => listed(response, 'access-control-allow-headers', name));
    if (!isAllowed) throw new TypeError(`Refused by CORS: ${method} ${url}`);
  }

  return async (input, init) => {
    const request = new Request(input instanceof Request ? input : new URL(input, origin), init);
    const { hostname, origin: target, pathname } = new URL(request.url);
    requested.push(pathname);
    const isForeign = target !== origin;
    const withCookies = request.credentials === 'include' || !isForeign;
    if (isForeign && !isSimple(request)) await preflight(request, withCookies);
    const headers = new Headers(request.headers);
    if (isForeign || !/^(GET|HEAD)$/.test(request.method)) headers.set('origin', origin);
    headers.set('sec-fetch-site', isForeign ? 'same-site' : 'same-origin');
    headers.set('sec-fetch-mode', 'cors');
    if (withCookies && hostname === new URL(origin).hostname) {
      headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '));
    }
    const token = headers.get('authorization');
    if (token !== null && spoiling > 0) {
      spoiling -= 1;
      headers.set('authorization', `${token}x`);
    }
    const response = await network(new Request(request, { headers }));
    if (isForeign) assertAllowed(response, withCookies);
    for (const line of withCookies ? response.headers.getSetCookie() : []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0\b/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
}

/** A page of a front end, in a browser of its own: enough of one for what the front end's files do. */
serveCalls({
  /** @param variables those whose names begin with NEXT_PUBLIC_ are there in the page. */
  open(folder: string, variables: string, origin: string): void {
    const isPublic = ([name]: [string, unknown]) => name.startsWith('NEXT_PUBLIC_');
    const shown = Object.entries(parseEnv(variables)).filter(isPublic);
    Object.assign(process.env, Object.fromEntries(shown));
    const nothing = () => undefined;
    const window = {
      location: new URL(origin),
      addEventListener: nothing,
      removeEventListener: nothing,
    };
    Object.assign(globalThis, { window, fetch: browserFetch(origin) });
    resolveFrom(folder);
  },
  /** Turns the page's clock on, by milliseconds. */
  wait(elapsed: number): void {
    const before = Date.now;
    Date.now = () => before() + elapsed;
  },
  spoil(tokens: number): void {
    spoiling = tokens;
  },
  /** How often the page has asked for a path that ends so. */
  requestsOf: (end: string) => requested.filter((path) => path.endsWith(end)).length,
  /** Calls what a file exports, by a path such as `authClient.signUp.email`; an answer's JSON comes back. */
  async run(folder: string, file: string, path: string, ...parameters: unknown[]) {
    const names = path.split('.');
    const called = names.reduce<unknown>(
      (at, name) => (at as Record<string, unknown>)[name],
      await load(folder, file),
    );
    return (called as (...given: unknown[]) => unknown)(...parameters);
  },
});
