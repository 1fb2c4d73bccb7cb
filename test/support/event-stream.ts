import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { once } from 'node:events';
import { contract } from './openapi.ts';
import type { ProblemDto } from '../../src/problems/problem.dto.ts';
import { until } from './until.ts';

/** An event as a browser would dispatch it. */
export interface ReceivedEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** An entry of the change log, as far as tests look at it. */
export interface ReceivedChange {
  readonly token: string;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly task?: { readonly title: string } | null;
}

interface StreamRequest {
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly method?: string;
}

/** A client of server-sent events, by the rules of the HTML standard. */
export class StreamClient {
  readonly events: ReceivedEvent[] = [];
  readonly comments: string[] = [];
  /** `id` of the last event, also of one without data. */
  lastEventId = '';
  retry: number | undefined;
  /** Whether the server has ended the stream as HTTP says, and whether the connection has gone. */
  isComplete = false;
  isClosed = false;
  readonly response: IncomingMessage;
  readonly #request: ClientRequest;
  #rest = '';

  private constructor(response: IncomingMessage, request: ClientRequest) {
    this.response = response;
    this.#request = request;
    response.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    response.on('end', () => (this.isComplete = true)).on('close', () => (this.isClosed = true));
    response.on('error', () => undefined);
  }

  /** @throws Error when the response does not match `openapi.json`. */
  static async open(
    url: string,
    { token }: { token: string },
    { query = '', headers = {}, method = 'GET' }: StreamRequest = {},
  ): Promise<StreamClient> {
    const address = `${url}/api/v1/changes/stream${query}`;
    const sent = request(address, {
      method,
      agent: new Agent(),
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    sent.on('error', () => undefined).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const client = new StreamClient(response, sent);
    const { statusCode: status = 0 } = response;
    const received = new Headers(response.headers as Record<string, string>);
    const body = status === 200 ? '' : await client.problem();
    contract.verify({ method, url: address, status, headers: received, body });
    return client;
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get changes(): ReceivedChange[] {
    return this.#changes.map(({ data }) => JSON.parse(data) as ReceivedChange);
  }

  get titles(): (string | undefined)[] {
    return this.changes.map(({ task }) => task?.title);
  }

  /** Resolves with the events once there are as many. */
  async received(count: number): Promise<ReceivedChange[]> {
    await until(() => Promise.resolve(this.#changes.length >= count));
    return this.changes;
  }

  /** Resolves with the last event once the server has ended the stream. */
  async ended(): Promise<ReceivedEvent | undefined> {
    await until(() => Promise.resolve(this.isComplete));
    return this.events.at(-1);
  }

  /** Resolves with the response to a request that opened no stream. */
  async problem(): Promise<ProblemDto> {
    await until(() => Promise.resolve(this.isComplete));
    return JSON.parse(this.#rest) as ProblemDto;
  }

  close(): void {
    this.#request.destroy();
  }

  get #changes(): ReceivedEvent[] {
    return this.events.filter(({ event }) => event === 'change');
  }

  #read(text: string): void {
    this.#rest += text;
    if (this.response.statusCode !== 200) return;
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) this.#dispatch(block);
  }

  #dispatch(block: string): void {
    let [event, data] = ['message', ''];
    for (const line of block.split('\n')) {
      const [field = '', value = ''] = line.split(/: ?(.*)/s);
      if (line.startsWith(':')) this.comments.push(line.slice(1));
      if (field === 'id') this.lastEventId = value;
      if (field === 'retry') this.retry = Number(value);
      if (field === 'event') event = value;
      if (field === 'data') data += value;
    }
    if (data !== '') this.events.push({ event, id: this.lastEventId, data });
  }
}

const opened: StreamClient[] = [];

/** Opens a stream that `closeStreams` closes; the server has begun it when this resolves. */
export async function follow(
  url: string,
  user: { token: string },
  options?: StreamRequest,
): Promise<StreamClient> {
  const client = await StreamClient.open(url, user, options);
  opened.push(client);
  if (client.status === 200 && options?.method !== 'HEAD') {
    await until(() => Promise.resolve(client.lastEventId !== '' || client.isClosed));
  }
  return client;
}

/** Closes all streams of a test. */
export function closeStreams(): void {
  for (const client of opened.splice(0)) client.close();
}
