import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { type SpanDetails, tracer } from '../tracing/index.js';
import { sqlStatesOf } from './outage.js';
import { summarize } from './query-summary.js';

interface QuerySpan extends SpanDetails {
  readonly name: string;
}

const MAX_SPANS = 1_000;
const SQLSTATE = /^[\dA-Z]{5}$/;

/** Spans by the text of their statement; few texts differ. */
const spans = new LRUCache<string, QuerySpan>({ max: MAX_SPANS });

function createSpan(text: string): QuerySpan {
  const { summary, operation, table } = summarize(text);
  const attributes = {
    'db.system.name': 'postgresql',
    'db.query.summary': summary,
    ...(operation !== undefined && { 'db.operation.name': operation }),
    ...(table !== undefined && { 'db.collection.name': table }),
  };
  return { name: summary, isClient: true, attributes };
}

function spanOf(text: string): QuerySpan {
  const known = spans.get(text);
  if (known !== undefined) return known;
  const span = createSpan(text);
  spans.set(text, span);
  return span;
}

/** Sends a statement, in a span of its own if requests are traced. The span has no SQL and no values. */
export function traceQuery<Result>(text: string, send: () => Promise<Result>): Promise<Result> {
  if (tracer?.isSampled() !== true) return send();
  const requests = tracer;
  const span = spanOf(text);
  const observed = () =>
    send().catch((error: unknown) => {
      const state = sqlStatesOf(error).find((code) => SQLSTATE.test(code));
      if (state !== undefined) requests.annotate({ 'db.response.status_code': state });
      throw error;
    });
  return requests.span(span.name, observed, span);
}

type Query = (...parameters: unknown[]) => Promise<unknown>;

/** Traces the statements that are sent as text over the connections of a pool. */
export function traceQueries(pool: Pool): void {
  if (tracer === undefined) return;
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Query;
    const traced: Query = (...parameters) => {
      const [text] = parameters;
      if (typeof text !== 'string') return query(...parameters);
      return traceQuery(text, () => query(...parameters));
    };
    Object.assign(client, { query: traced });
  });
}
