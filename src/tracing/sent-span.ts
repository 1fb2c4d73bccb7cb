import type { SpanContext } from '@opentelemetry/api';
import { TraceState } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** Attributes that leave the process, of our own spans and of those of Better Auth. */
export const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...['http.request.method', 'http.route', 'http.response.status_code', 'error.type'],
  ...['url.scheme', 'url.path', 'url.full', 'server.address', 'server.port'],
  ...['db.system.name', 'db.operation.name', 'db.collection.name', 'db.query.summary'],
  ...['db.response.status_code', 'taskward.statement'],
  ...['better_auth.operation_id', 'better_auth.hook.type', 'better_auth.context'],
]);

/** A span's context without methods, as a message to another thread has none. */
type SentContext = Omit<SpanContext, 'traceState'> & { readonly traceState: string | undefined };

/** The part of a span that is sent, as a message to another thread. */
export type SentSpan = Pick<
  ReadableSpan,
  'name' | 'kind' | 'startTime' | 'endTime' | 'duration' | 'attributes' | 'instrumentationScope'
> & {
  readonly status: Pick<ReadableSpan['status'], 'code'>;
  readonly context: SentContext;
  readonly parent: SentContext | undefined;
};

const sentContext = ({ traceId, spanId, traceFlags, isRemote, traceState }: SpanContext) => ({
  ...{ traceId, spanId, traceFlags },
  ...(isRemote !== undefined && { isRemote }),
  traceState: traceState?.serialize(),
});

/**
 * Returns a span with the attributes above alone: an upgrade of a library cannot add others. Errors
 * stay without their messages, which may quote an e-mail address.
 */
export function sentSpan(span: ReadableSpan): SentSpan {
  const { name, kind, startTime, endTime, duration, status, parentSpanContext: parent } = span;
  const { name: scope, version } = span.instrumentationScope;
  const known = Object.entries(span.attributes).filter(([key]) => ATTRIBUTES.has(key));
  return {
    ...{ name, kind, startTime, endTime, duration },
    attributes: Object.fromEntries(known),
    instrumentationScope: { name: scope, ...(version !== undefined && { version }) },
    status: { code: status.code },
    context: sentContext(span.spanContext()),
    parent: parent && sentContext(parent),
  };
}

const receivedContext = ({ traceState, ...context }: SentContext): SpanContext => ({
  ...context,
  ...(traceState !== undefined && { traceState: new TraceState(traceState) }),
});

/** Returns a span that was sent, of the process that `resource` describes. */
export function receivedSpan(
  { context, parent, ...span }: SentSpan,
  resource: Resource,
): ReadableSpan {
  return {
    ...span,
    resource,
    spanContext: () => receivedContext(context),
    ...(parent && { parentSpanContext: receivedContext(parent) }),
    ended: true,
    links: [],
    events: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Data with which the thread that sends spans is started. */
export interface SenderData {
  readonly url: string;
  /** Attributes of the process. */
  readonly resource: Resource['attributes'];
}

/** Spans to send, as a message to that thread. */
export interface Batch {
  readonly id: number;
  readonly spans: readonly SentSpan[];
}

/** The reply to a batch. */
export interface BatchResult {
  readonly id: number;
  /** Why it could not be sent. */
  readonly error: string | undefined;
}
