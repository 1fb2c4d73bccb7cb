import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { settleWithin } from './retry.js';

const MEDIA_TYPE = 'text/event-stream';

/** Returns the body of a response that is a stream of events; a proxy may send a page instead. */
export function eventBodyOf({ headers, body }: Response): ReadableStream<Uint8Array> | undefined {
  const isStream = headers.get('content-type')?.startsWith(MEDIA_TYPE) ?? false;
  return isStream ? (body ?? undefined) : undefined;
}

/** Milliseconds to wait for each chunk of a stream. */
export interface StreamTimeouts {
  readonly firstByteMs: number;
  readonly silenceMs: number;
}

/** A chunk of a stream; a heartbeat has no events. */
export interface EventChunk {
  readonly events: readonly EventSourceMessage[];
  /** Milliseconds after which the server last asked its clients to come back. */
  readonly retryMs: number;
}

/**
 * Reads a stream of server-sent events, chunk by chunk. Time between reads does not count as silence.
 *
 * @throws TimeoutError, the signal's reason, or the error of a connection that breaks
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  { firstByteMs, silenceMs }: StreamTimeouts,
  signal: AbortSignal,
): AsyncGenerator<EventChunk, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let events: EventSourceMessage[] = [];
  let retryMs = 0;
  const onEvent = (event: EventSourceMessage) => events.push(event);
  const parser = createParser({ onEvent, onRetry: (ms) => (retryMs = ms) });
  let timeoutMs = firstByteMs;
  try {
    for (;;) {
      const { done, value } = await settleWithin(reader.read(), timeoutMs, signal);
      if (done) return;
      timeoutMs = silenceMs;
      events = [];
      parser.feed(decoder.decode(value, { stream: true }));
      yield { events, retryMs };
    }
  } finally {
    // Closes the connection; rejects if it is broken.
    reader.cancel().catch(() => undefined);
  }
}
