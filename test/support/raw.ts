import { connect } from 'node:net';
import { contract } from './openapi.js';

/** A response as received. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed if it is JSON. */
  readonly body: unknown;
}

/** The bytes (or a Latin-1 string) to send, and how. */
export interface Speech {
  /** Half-closes the connection afterwards. */
  readonly end?: boolean;
  /** Milliseconds within which the server must close the connection. */
  readonly timeoutMs?: number;
}

/**
 * Returns everything the server sends in response to these bytes until it closes the connection.
 *
 * @throws Error when it does not close the connection.
 */
export function speak(
  url: string,
  bytes: string | Buffer,
  { end = false, timeoutMs = 10_000 }: Speech = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const timer = setTimeout(
      () => socket.destroy(new Error('the server does not hang up')),
      timeoutMs,
    );
    const said: Buffer[] = [];
    socket.on('data', (chunk) => said.push(chunk));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // The server closed the connection while we were still sending.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(said).toString('latin1'));
    });
    const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    if (end) socket.end(data);
    else socket.write(data);
  });
}

const parse = (text: string, type: string | null): unknown =>
  text !== '' && /\bjson\b/.test(type ?? '') ? JSON.parse(text) : text;

/** Parses the responses in a server's output; one to HEAD would be misread. */
export function parseResponses(said: string): WireResponse[] {
  const responses: WireResponse[] = [];
  for (let rest = said; rest !== '';) {
    const end = rest.indexOf('\r\n\r\n') + 4;
    const [line = '', ...fields] = rest.slice(0, Math.max(0, end - 4)).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1]);
    if (Number.isNaN(status))
      throw new Error(`not an answer: ${JSON.stringify(rest.slice(0, 80))}`);
    const headers = new Headers(
      fields.map((field) => field.split(/: ?(.*)/s).slice(0, 2) as [string, string]),
    );
    const length = Number(headers.get('content-length') ?? 0);
    const text = Buffer.from(rest.slice(end, end + length), 'latin1').toString();
    responses.push({ status, headers, body: parse(text, headers.get('content-type')) });
    rest = rest.slice(end + length);
  }
  return responses;
}

/** Returns the only response, compared with `openapi.json` as the response to this request. */
export function parseOnlyResponse(said: string, method: string, url: string): WireResponse {
  const [response, ...more] = parseResponses(said);
  if (response === undefined || more.length > 0) throw new Error(`not one answer: ${said}`);
  contract.verify({ method, url, ...response });
  return response;
}
