import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { DEADLINE } from './tally.ts';

export interface Request {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** JSON that is sent as it stands. */
  readonly text?: string | undefined;
}

/** Outcome of a request: a response, a broken connection, or nothing by the deadline. */
export type Outcome =
  | { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: unknown }
  | { readonly status: 'cut' | 'hung'; readonly body?: undefined; readonly headers?: undefined };

const parse = (text: string): unknown => (text === '' ? undefined : JSON.parse(text));

/** Requests over connections that are kept, at little cost. */
export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: Infinity });
  /** How often each outcome came: a status, with the code of a problem. */
  readonly #outcomes = new Map<string, number>();
  /** Receives the seconds that each answer took. */
  onResponse: ((seconds: number) => void) | undefined;
  /** Where the API is; another address after a restart on another port. */
  origin: URL;

  constructor(url: string) {
    this.origin = new URL(url);
  }

  send({ method = 'GET', path, headers = {}, json, text }: Request): Promise<Outcome> {
    const { hostname, port } = this.origin;
    const body = json === undefined ? text : JSON.stringify(json);
    const own = body !== undefined && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    };
    const started = performance.now();
    return new Promise((resolve) => {
      const options = { agent: this.#agent, hostname, port, method, path };
      const sent = request({ ...options, headers: { ...own, ...headers } }, (response) => {
        let received = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
        response.once('end', () => {
          this.onResponse?.((performance.now() - started) / 1_000);
          finish({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: parse(received),
          });
        });
        response.once('error', () => finish({ status: 'cut' }));
        response.once('close', () => finish({ status: 'cut' }));
      });
      const timer = setTimeout(() => {
        finish({ status: 'hung' });
        sent.destroy();
      }, DEADLINE * 1_000);
      // Settled once: what comes after the first outcome changes nothing.
      let isSettled = false;
      const finish = (outcome: Outcome): void => {
        clearTimeout(timer);
        if (!isSettled) this.#count(outcome);
        isSettled = true;
        resolve(outcome);
      };
      sent.once('error', () => finish({ status: 'cut' }));
      sent.end(body);
    });
  }

  #count({ status, body }: Outcome): void {
    const { code } = (body ?? {}) as { code?: string };
    const name = [status, ...(code === undefined ? [] : [code])].join(' ');
    this.#outcomes.set(name, (this.#outcomes.get(name) ?? 0) + 1);
  }

  /** How often each outcome came, in one line. */
  get summary(): string {
    const counts = [...this.#outcomes].map(([name, count]) => `${name}: ${String(count)}`);
    return `responses: ${counts.sort().join(', ')}`;
  }

  close(): void {
    this.#agent.destroy();
  }
}
