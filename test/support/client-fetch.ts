/** A request that a client has sent, and the status of its response. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly status: number;
}

/** The `fetch` of a browser with one cookie, for clients under test: it records what is sent. */
export class ClientFetch {
  readonly sent: SentRequest[] = [];
  cookie: string;
  /** Called before a request is sent; may delay it, or stop it by throwing. */
  before: (request: Request) => unknown = () => undefined;
  /** Called with each response; may lose it by throwing, or replace it. */
  after: (response: Response, request: Request) => Response = (response) => response;

  constructor(cookie: string) {
    this.cookie = cookie;
  }

  readonly fetch = async (input: string | URL | Request): Promise<Response> => {
    const request = new Request(input);
    const { pathname: path } = new URL(request.url);
    if (request.credentials === 'include') request.headers.set('cookie', this.cookie);
    await this.before(request);
    const response = await fetch(request);
    const { method, headers } = request;
    this.sent.push({ method, path, headers, status: response.status });
    return this.after(response, request);
  };

  /** Returns the statuses of the requests to a path, or to those below it. */
  statusesOf(path: string): number[] {
    return this.sent.filter((sent) => sent.path.startsWith(path)).map(({ status }) => status);
  }
}

/** Loses the first response that `matches`, as a connection that breaks does. */
export function loseFirst(
  matches: (request: Request) => boolean,
): (response: Response, request: Request) => Response {
  let isLost = false;
  return (response, request) => {
    if (isLost || !matches(request)) return response;
    isLost = true;
    throw new TypeError('fetch failed');
  };
}
