import { COUNTER, ETAG } from './connection.ts';

/** The users, and the tasks that they request. */
export interface Subject {
  readonly token: string;
  /** Another user, whose list may grow. */
  readonly writer: string;
  /** Tasks that are only read. */
  readonly ids: readonly string[];
  /** Tasks that are updated, one per connection. */
  readonly changeable: readonly string[];
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Minimum ratio of our rate to the peer's. */
  readonly goal: number;
  /** Returns the raw requests. */
  readonly requests: (subject: Subject) => string[];
  /** Whether the requests are templates that update `changeable`. */
  readonly changes?: boolean;
}

export const CONNECTIONS = 16;
export const LIST = '/api/v1/tasks?limit=20';
export const FILTERED = `${LIST}&tags=home&q=milk`;

const NEW_TASK = {
  title: 'Buy milk',
  description: 'Two litres',
  priority: 'high',
  due: '2026-12-24',
  tags: ['home', 'shop'],
};

/** Formats an HTTP/1.1 request, with its body if there is one. */
export function request(
  method: string,
  path: string,
  token: string,
  body?: { readonly type: string; readonly text: string; readonly headers?: readonly string[] },
): string {
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    ...(body?.headers ?? []),
    ...(body ? [`Content-Type: ${body.type}`, `Content-Length: ${String(body.text.length)}`] : []),
  ];
  return `${head.join('\r\n')}\r\n\r\n${body?.text ?? ''}`;
}

const get = (path: string) => (subject: Subject) => [request('GET', path, subject.token)];

const patch = ({ token, changeable }: Subject) =>
  changeable.map((id) =>
    request('PATCH', `/api/v1/tasks/${id}`, token, {
      type: 'application/merge-patch+json',
      text: JSON.stringify({ title: `Buy milk ${COUNTER}` }),
      headers: [`If-Match: ${ETAG}`],
    }),
  );

export const SCENARIOS: readonly Scenario[] = [
  { name: 'me', title: '`/me`, no query', goal: 0.7, requests: get('/api/v1/me') },
  { name: 'list', title: 'list of 20', goal: 1, requests: get(LIST) },
  {
    name: 'filtered',
    title: 'list by tag and text',
    goal: 1,
    requests: get(FILTERED),
  },
  {
    name: 'get',
    title: 'get one',
    goal: 0.8,
    requests: ({ token, ids }) => ids.map((id) => request('GET', `/api/v1/tasks/${id}`, token)),
  },
  {
    name: 'create',
    title: 'create',
    goal: 0.8,
    requests: ({ writer }) => [
      request('POST', '/api/v1/tasks', writer, {
        type: 'application/json',
        text: JSON.stringify(NEW_TASK),
      }),
    ],
  },
  { name: 'patch', title: 'patch with `If-Match`', goal: 0.8, requests: patch, changes: true },
];
