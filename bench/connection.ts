import { connect, type Socket } from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const NEWEST = /\r\netag: ([^\r]+)/i;
const LENGTH = /\r\ncontent-length: (\d+)/i;

/** Placeholders in a template: the current ETag, and a number of the same length. */
export const ETAG = '%ETAG%';
export const COUNTER = '%COUNTER%';

/**
 * A connection with at most one request in flight. It parses only enough HTTP to find the end of a
 * response, as the driver takes CPU time from the servers.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #isTemplate: boolean;
  readonly #request: string;
  readonly #bytes: Buffer;
  readonly opened: Promise<void>;
  #etag: string;
  #sent = 0;
  /** The incomplete response so far. */
  #partial: Buffer | undefined;
  isBusy = false;
  /** When the pending request was due (ms). */
  intended = 0;
  onResponse: (status: number) => void = () => undefined;
  onFailure: (error: Error) => void = () => undefined;

  constructor(port: number, request: string, etag = '') {
    this.#request = request;
    this.#etag = etag;
    this.#bytes = Buffer.from(request);
    this.#isTemplate = request.includes(ETAG) || request.includes(COUNTER);
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.opened = new Promise((resolve, reject) => {
      this.#socket.once('connect', resolve).once('error', reject);
    });
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#socket.on('error', (error) => this.onFailure(error));
    this.#socket.on('end', () => this.onFailure(new Error('the server closed the connection')));
  }

  /** Sends the request, or `other` instead. */
  send(other = this.#bytes): void {
    this.isBusy = true;
    this.#sent += 1;
    this.#socket.write(this.#isTemplate ? this.#filled() : other);
  }

  close(): void {
    this.onFailure = () => undefined;
    this.#socket.destroy();
  }

  #filled(): string {
    const counter = String(this.#sent).padStart(COUNTER.length, '0');
    return this.#request.replace(ETAG, this.#etag).replace(COUNTER, counter);
  }

  #receive(chunk: Buffer): void {
    const data = this.#partial === undefined ? chunk : Buffer.concat([this.#partial, chunk]);
    this.#partial = data;
    const end = data.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const head = data.toString('latin1', 0, end);
    const length = LENGTH.exec(head)?.[1];
    if (length === undefined) {
      this.onFailure(new Error(`a response without Content-Length:\n${head}`));
      return;
    }
    if (data.length < end + END_OF_HEAD.length + Number(length)) return;
    this.#partial = undefined;
    this.isBusy = false;
    if (this.#isTemplate) this.#etag = NEWEST.exec(head)?.[1] ?? this.#etag;
    this.onResponse(Number(head.slice(9, 12)));
  }
}
