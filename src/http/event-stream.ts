import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { traceOf } from './trace-requests.js';

/** How long a client may take to read the end of a stream (ms). */
const END_TIMEOUT_MS = 2_000;

const HEADERS = {
  'content-type': 'text/event-stream',
  // Reverse proxies such as nginx would collect events before they pass them on.
  'x-accel-buffering': 'no',
};

/** An event of a stream; without `data`, clients keep `id` and `retry` and dispatch nothing. */
interface ServerEvent {
  readonly event?: string;
  readonly id?: string;
  /** One line, such as JSON. */
  readonly data?: string;
  /** How long a client waits before it connects again (ms). */
  readonly retry?: number;
}

/** Formats an event: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function formatEvent({ event, id, data, retry }: ServerEvent): string {
  let text = '';
  if (retry !== undefined) text += `retry: ${String(retry)}\n`;
  if (event !== undefined) text += `event: ${event}\n`;
  if (id !== undefined) text += `id: ${id}\n`;
  if (data !== undefined) text += `data: ${data}\n`;
  return `${text}\n`;
}

/**
 * A response of server-sent events. It is written past Fastify: neither compressed nor collected, and
 * with a buffer of its own that its writer observes.
 */
export class EventStream {
  readonly #raw: ServerResponse;
  readonly #drained = new Set<() => void>();
  #isStarted = false;

  /** @param onClose called once the client has gone or read the end. */
  constructor(
    private readonly reply: FastifyReply,
    onClose: () => void,
  ) {
    this.#raw = reply.raw;
    this.#raw.once('close', () => {
      this.#resume();
      onClose();
    });
    this.#raw.on('drain', () => {
      this.#resume();
    });
  }

  /** Whether events can be sent. */
  get isOpen(): boolean {
    return this.#isStarted && !this.#raw.writableEnded && !this.#raw.closed;
  }

  /** Whether the client has not read what was sent before. */
  get isFull(): boolean {
    return this.#raw.writableNeedDrain;
  }

  /** Sends the headers: from here on there are no problem responses. */
  start(): void {
    this.reply.hijack();
    for (const [name, value] of Object.entries({ ...this.reply.getHeaders(), ...HEADERS })) {
      if (value !== undefined) this.#raw.setHeader(name, value);
    }
    this.#raw.flushHeaders();
    // A trace covers the request, not what is sent hours later.
    traceOf(this.reply.request)?.end(this.#raw.statusCode);
    this.#isStarted = true;
  }

  /** Sends events; resolves when there is room for more, or nothing more can be sent. */
  async write(text: string): Promise<void> {
    if (!this.isOpen || this.#raw.write(text)) return;
    await new Promise<void>((resume) => this.#drained.add(resume));
  }

  /** Sends a comment, unless the client is behind anyway: it keeps proxies from closing the stream. */
  keepAlive(): void {
    if (this.isOpen && !this.isFull) this.#raw.write(':\n\n');
  }

  /** Sends a last event, for which a client that does not read gets little time. */
  end(text: string): void {
    if (!this.isOpen) return;
    this.#raw.end(text);
    this.#resume();
    const timer = setTimeout(() => {
      this.cut();
    }, END_TIMEOUT_MS).unref();
    this.#raw.once('close', () => {
      clearTimeout(timer);
    });
  }

  /** Closes the connection. */
  cut(): void {
    // A response whose turn on the connection has not come has no socket of its own.
    this.reply.request.raw.socket.destroy();
  }

  #resume(): void {
    for (const resume of this.#drained) resume();
    this.#drained.clear();
  }
}
