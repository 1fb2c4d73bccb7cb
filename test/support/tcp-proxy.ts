import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** PostgreSQL's start-up messages have no type byte. */
const START_UP = 'start-up';

/** The types of the messages in a client's part of PostgreSQL's protocol, as they complete. */
class MessageReader {
  #rest: Buffer = Buffer.alloc(0);
  #started = false;
  /** Whether the connection is one for notifications, which come and go at any time. */
  isOfNotifications = false;

  read(chunk: Buffer): string[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const types: string[] = [];
    for (;;) {
      const prefix = this.#started ? 1 : 0;
      if (this.#rest.length < prefix + 4) return types;
      const length = prefix + this.#rest.readUInt32BE(prefix);
      if (this.#rest.length < length) return types;
      types.push(this.#started ? this.#rest.toString('latin1', 0, 1) : START_UP);
      if (!this.#started) {
        const parameters = this.#rest.toString('latin1', 0, length);
        this.isOfNotifications = /\0taskward (changes|listen|tokens)\0/.test(parameters);
      }
      this.#started = true;
      this.#rest = this.#rest.subarray(length);
    }
  }
}

/** Stands between the app and PostgreSQL: counts what is sent, and cuts the line. */
export class DatabaseProxy {
  /** Types of the messages that clients have sent, of connections for notifications only the first. */
  readonly messages: string[] = [];
  readonly #databaseUrl: string;
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  #isFrozen = false;
  #lag = 0;

  readonly #server = createServer((client) => {
    const target = new URL(this.#databaseUrl);
    const port = target.port || '5432';
    const socket = target.searchParams.get('host');
    const upstream = socket
      ? connect(`${socket}/.s.PGSQL.${port}`)
      : connect(Number(port), target.hostname);
    const reader = new MessageReader();
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        client.destroy();
        upstream.destroy();
        this.#sockets.delete(socket);
      });
    }
    if (this.#isCut) client.destroy();
    if (this.#isFrozen) client.pause();
    client.on('data', (chunk: Buffer) => {
      if (this.#isFrozen) return;
      const types = reader.read(chunk);
      const isCounted = (type: string) => !reader.isOfNotifications || type === START_UP;
      this.messages.push(...types.filter(isCounted));
      upstream.write(chunk);
    });
    let sent = Promise.resolve();
    upstream.on('data', (chunk: Buffer) => {
      const due = performance.now() + this.#lag;
      // One after the other: what comes when the lag has gone must not overtake what still waits.
      sent = sent.then(async () => {
        const wait = due - performance.now();
        if (wait > 0) await delay(wait);
        if (!this.#isFrozen) client.write(chunk);
      });
    });
  });

  /** Those that wait for an answer: `Q` is a simple query, `S` the end of an extended one. */
  get roundTrips(): string[] {
    return this.messages.filter((type) => type === 'Q' || type === 'S');
  }

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
  }

  /** @returns the database's URL, by way of this proxy. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const url = new URL(this.#databaseUrl);
    url.searchParams.delete('host');
    url.hostname = '127.0.0.1';
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Ends every connection and each new one, as a server that is down. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Swallows what either side sends, as a network that loses it. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** Each answer of the database takes so many milliseconds longer; 0 for none. */
  slow(lag: number): void {
    this.#lag = lag;
  }

  /** The line is back; what was swallowed is lost, and its connections with it. */
  mend(): void {
    if (this.#isFrozen) this.cut();
    this.#isCut = false;
    this.#isFrozen = false;
  }

  /** The line is back, and its connections are; what was swallowed on them will never be answered. */
  thaw(): void {
    this.#isFrozen = false;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
