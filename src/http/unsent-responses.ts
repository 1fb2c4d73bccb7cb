import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { clientAddress } from './client-address.js';
import { countRefused } from '../metrics/index.js';
import { Problem } from '../problems/index.js';

/** Maximum bytes of unread responses per user: four of the largest pages. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024;
/** Responses below this size are always sent: problems, tasks, health checks. */
const SMALL_BYTES = 16 * 1024;
const RETRY_AFTER_SECONDS = 5;
const SAFE_METHODS = ['GET', 'HEAD'];

type UserRequest = FastifyRequest & { readonly user?: { readonly id: string } };

interface Unsent {
  readonly key: string;
  readonly bytes: number;
}

/** Returns the user, or else the address: stalled readers count only against themselves. */
const keyOf = (request: UserRequest) =>
  request.user === undefined ? `address:${clientAddress(request)}` : `user:${request.user.id}`;

/** Returns the bytes of a response that wait in this process. */
function waitingBytes(raw: ServerResponse, payload: unknown): number {
  // Still being compressed, so the whole response is waiting.
  if (!raw.writableEnded && typeof payload === 'string') return Buffer.byteLength(payload);
  if (raw.writableLength === 0) return 0;
  // Node counts the characters of a string, which may be a third of its bytes.
  return Math.max(raw.writableLength, Number(raw.getHeader('content-length') ?? 0));
}

/**
 * Counts the bytes of responses that wait in this process for their readers. Responses that are
 * read at once, as nearly all are, cost nothing.
 */
export class UnsentResponses {
  readonly #bytes = new Map<string, number>();
  /** Keyed by socket, as pipelined requests give a socket many responses. */
  readonly #sockets = new WeakMap<Socket, Set<Unsent>>();

  /**
   * Rejects a large response to a read while too many others wait. A response that acknowledges a
   * change is always sent.
   *
   * @throws Problem `too_many_concurrent_requests`
   */
  assertRoom(request: FastifyRequest, payload: unknown): void {
    if (this.#bytes.size === 0 || !SAFE_METHODS.includes(request.method)) return;
    // A stream has no length, and handles backpressure itself.
    const { length = 0 } = (payload ?? {}) as { readonly length?: number };
    if (length < SMALL_BYTES) return;
    if ((this.#bytes.get(keyOf(request)) ?? 0) < MAX_UNSENT_BYTES) return;
    countRefused('unread_responses');
    throw new Problem(
      'too_many_concurrent_requests',
      'Read the responses to your other requests.',
      {
        headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      },
    );
  }

  /** Counts a response that was just handed over, until it is sent or its socket is closed. */
  track(request: FastifyRequest, { raw }: FastifyReply, payload: unknown): void {
    const bytes = waitingBytes(raw, payload);
    if (bytes === 0) return;
    const { socket } = request.raw;
    const unsent = { key: keyOf(request), bytes };
    const all = this.#allOf(socket);
    all.add(unsent);
    this.#add(unsent.key, bytes);
    raw.once('finish', () => {
      if (all.delete(unsent)) this.#add(unsent.key, -bytes);
    });
  }

  #allOf(socket: Socket): Set<Unsent> {
    const cached = this.#sockets.get(socket);
    if (cached !== undefined) return cached;
    const all = new Set<Unsent>();
    this.#sockets.set(socket, all);
    // A response whose turn on the connection has not come emits no event of its own.
    socket.once('close', () => {
      for (const { key, bytes } of all) this.#add(key, -bytes);
      all.clear();
    });
    return all;
  }

  #add(key: string, bytes: number): void {
    const sum = (this.#bytes.get(key) ?? 0) + bytes;
    if (sum > 0) this.#bytes.set(key, sum);
    else this.#bytes.delete(key);
  }
}
