import { Durations, type Series } from './durations.js';

/** Methods that routes have; any other one could be as many as Node's parser knows. */
const METHODS: ReadonlySet<string> = new Set([
  ...['GET', 'HEAD', 'OPTIONS'],
  ...['POST', 'PUT', 'PATCH', 'DELETE'],
]);

type RequestSeries = Series<'method' | 'route' | 'status'>;

const durations = new Durations({
  name: 'http_request_duration_seconds',
  help: 'Time from the head of a request to the end of its response, by route and status.',
  labelNames: ['method', 'route', 'status'],
});

const series = new Map<string, Map<string, Map<number, RequestSeries>>>();

/** Returns the value of a key, which is created once. */
function ensure<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const created = create();
  map.set(key, created);
  return created;
}

/** A response that was sent. */
export interface SentResponse {
  readonly method: string;
  /** Pattern of the route, never a path; `none` for an unknown path. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** Counts a response. Nested maps find its series without a string of all labels. */
export function observeResponse({ method: given, route, status, seconds }: SentResponse): void {
  const method = METHODS.has(given) ? given : 'other';
  const byMethod = ensure(series, route, () => new Map<string, Map<number, RequestSeries>>());
  const byStatus = ensure(byMethod, method, () => new Map<number, RequestSeries>());
  ensure(byStatus, status, () => durations.series({ method, route, status })).observe(seconds);
}
