import { connect } from 'node:net';
import { contract } from './openapi.js';

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON. */
  readonly body: unknown;
}

/** What was sent, in bytes or Latin-1, and how. */
export interface Speech {
  /** Hang up our side once it is sent. */
  readonly end?: boolean;
  /** Milliseconds within which the server has to hang up. */
  readonly patience?: number;
}

/**
 * What the server says to these bytes until it hangs up.
 *
 * @throws Error when it does not hang up.
 */
export function speak(
  url: string,
  bytes: string | Buffer,
  { end = false, patience = 10_000 }: Speech = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const timer = setTimeout(
      () => socket.destroy(new Error('the server does not hang up')),
      patience,
    );
    const said: Buffer[] = [];
    socket.on('data', (chunk) => said.push(chunk));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // It has hung up while we still spoke.
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

/** The answers in what a server said; one to HEAD would be misread. */
export function answersIn(said: string): WireAnswer[] {
  const answers: WireAnswer[] = [];
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
    answers.push({ status, headers, body: parse(text, headers.get('content-type')) });
    rest = rest.slice(end + length);
  }
  return answers;
}

/** The only answer that there is, held against `openapi.json` as one to this request. */
export function onlyAnswerIn(said: string, method: string, url: string): WireAnswer {
  const [answer, ...more] = answersIn(said);
  if (answer === undefined || more.length > 0) throw new Error(`not one answer: ${said}`);
  contract.verify({ method, url, ...answer });
  return answer;
}
