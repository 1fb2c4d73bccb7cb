import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const STREAM = '/api/v1/changes/stream';
const CHANGES = '/api/v1/changes';
const HEARTBEAT_MS = 20;
const PAGE_SIZE = 7;

interface StoredTask {
  readonly id: string;
  readonly title: string;
  readonly version: number;
}

interface Entry {
  readonly token: string;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly at: string;
  readonly task: StoredTask | null;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => boolean;

const tokenOf = (seq: number) => `t${String(seq)}`;
const seqOf = (token: string) => Number(token.slice(1));

export function sendProblem(response: ServerResponse, status: number, code: string, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
  response.end(JSON.stringify({ status, code, title: code }));
}

/** A stand-in for the change log of one user, which fails as a test asks. */
export class ChangesServer {
  readonly log: Entry[] = [];
  readonly tasks = new Map<string, StoredTask>();
  /** Open streams. */
  readonly streams = new Set<ServerResponse>();
  /** Requests, each as its path and the status of its response: `/changes 200`. */
  readonly requests: string[] = [];
  /** Token that is accepted. */
  bearer = 'first';
  /** Entries up to this number are purged. */
  purged = 0;
  /** Handles a request in another way, if it returns true. */
  intercept: Handler = () => false;
  /** Writes to a stream, which a proxy or a broken connection may not pass on. */
  write: (stream: ServerResponse, data: string) => void = (stream, data) => stream.write(data);

  readonly #server = createServer((request, response) => {
    this.#handle(request, response);
  });
  readonly #heartbeat = setInterval(() => {
    for (const stream of this.streams) this.write(stream, ': heartbeat\n\n');
  }, HEARTBEAT_MS);

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get token(): string {
    return tokenOf(this.log.length);
  }

  /** Number of requests to a path that got a status. */
  count(path: string, status = 200): number {
    return this.requests.filter((request) => request === `${path} ${String(status)}`).length;
  }

  /** Appends a change of a task: a new state, or null to delete it permanently. */
  append(id: string, title: string | null = id): void {
    const version = (this.tasks.get(id)?.version ?? 0) + 1;
    const task = title === null ? null : { id, title, version };
    if (task === null) this.tasks.delete(id);
    else this.tasks.set(id, task);
    const type = task === null ? 'task.removed' : version === 1 ? 'task.created' : 'task.updated';
    const at = '2026-11-28T08:00:00.000Z';
    const entry = { token: tokenOf(this.log.length + 1), type, id, version, at, task };
    this.log.push(entry);
    for (const stream of this.streams) this.#writeEntry(stream, entry);
  }

  /** Ends all streams with an event. */
  endStreams(event: string, retryMs = 0): void {
    for (const stream of this.streams) {
      this.write(stream, `retry: ${String(retryMs)}\nevent: ${event}\ndata: {}\n\n`);
      this.streams.delete(stream);
      stream.end();
    }
  }

  /** Breaks a connection after a part of what was to be written. */
  breakStream(stream: ServerResponse, part: string): void {
    this.streams.delete(stream);
    stream.write(part, () => stream.destroy());
  }

  #writeEntry(stream: ServerResponse, entry: Entry): void {
    this.write(stream, `event: change\nid: ${entry.token}\ndata: ${JSON.stringify(entry)}\n\n`);
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    response.on('finish', () => {
      if (pathname !== STREAM || response.statusCode !== 200) {
        this.requests.push(`${pathname.replace('/api/v1', '')} ${String(response.statusCode)}`);
      }
    });
    if (request.headers.authorization !== `Bearer ${this.bearer}`) {
      sendProblem(response, 401, 'invalid_token');
      return;
    }
    if (this.intercept(request, response)) return;
    const header = request.headers['last-event-id'];
    const since = searchParams.get('since') ?? (typeof header === 'string' ? header : undefined);
    const path = pathname;
    if (path !== STREAM && path !== CHANGES) this.#sendItems(path, response);
    else if (since !== undefined && seqOf(since) < this.purged) {
      sendProblem(response, 410, 'change_token_expired');
    } else if (path === STREAM) this.#openStream(since ?? this.token, response);
    else this.#sendPage(since, response);
  }

  #sendPage(since: string | undefined, response: ServerResponse): void {
    const seq = seqOf(since ?? this.token);
    const data = this.log.slice(seq, seq + PAGE_SIZE);
    const nextToken = tokenOf(seq + data.length);
    const hasMore = seq + data.length < this.log.length;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data, nextToken, hasMore }));
  }

  #openStream(since: string, response: ServerResponse): void {
    this.requests.push('/changes/stream 200');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    this.streams.add(response);
    this.write(response, `retry: 1000\nid: ${since}\n\n`);
    response.on('close', () => this.streams.delete(response));
    for (const entry of this.log.slice(seqOf(since))) {
      if (this.streams.has(response)) this.#writeEntry(response, entry);
    }
  }

  #sendItems(path: string, response: ServerResponse): void {
    const data = path === '/api/v1/tasks' ? [...this.tasks.values()] : [];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data, nextCursor: null }));
  }
}
