import { COUNTER, ETAG } from './connection.ts';

/** The services that are compared with ours. */
export const PEERS = ['bare', 'lean', 'fastapi', 'pocketbase'] as const;
export type PeerName = (typeof PEERS)[number];

/** Those that run on Node, without other tools; they come close enough to be sent bursts, too. */
export const YARDSTICKS: readonly PeerName[] = ['bare', 'lean'];

/** Paths and bodies of a service. */
export interface Api {
  readonly me: string;
  readonly tasks: string;
  readonly list: string;
  readonly filtered: string;
  readonly patchType: string;
  readonly newTask: object;
  /** Whether a PATCH carries the ETag of the previous response. */
  readonly hasEtags: boolean;
}

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
  /** Minimum ratio of our rate to that of each peer; a peer without one is not measured. */
  readonly goals: Readonly<Partial<Record<PeerName, number>>>;
  /** Returns the raw requests. */
  readonly requests: (subject: Subject, api: Api) => string[];
  /** Whether the requests are templates that update `changeable`. */
  readonly changes?: boolean;
}

export const CONNECTIONS = 16;
export const LIST = '/api/v1/tasks?limit=20';
export const FILTERED = `${LIST}&tags=home&q=milk`;

/** Our API, which most peers share. */
export const API: Api = {
  me: '/api/v1/me',
  tasks: '/api/v1/tasks',
  list: LIST,
  filtered: FILTERED,
  patchType: 'application/merge-patch+json',
  newTask: {
    title: 'Buy milk',
    description: 'Two litres',
    priority: 'high',
    due: '2026-12-24',
    tags: ['home', 'shop'],
  },
  hasEtags: true,
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

const get = (name: 'me' | 'list' | 'filtered') => (subject: Subject, api: Api) => [
  request('GET', api[name], subject.token),
];

const patch = ({ token, changeable }: Subject, { tasks, patchType, hasEtags }: Api) =>
  changeable.map((id) =>
    request('PATCH', `${tasks}/${id}`, token, {
      type: patchType,
      text: JSON.stringify({ title: `Buy milk ${COUNTER}` }),
      headers: hasEtags ? [`If-Match: ${ETAG}`] : [],
    }),
  );

/** Read-only scenarios come first: writes change the table. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'me', title: '`/me`, no query', goals: { bare: 0.9, fastapi: 5 }, requests: get('me') },
  {
    name: 'list',
    title: 'list of 20',
    goals: { bare: 1, lean: 0.9, fastapi: 5, pocketbase: 2 },
    requests: get('list'),
  },
  {
    name: 'filtered',
    title: 'list by tag and text',
    goals: { bare: 1, fastapi: 4, pocketbase: 2 },
    requests: get('filtered'),
  },
  {
    name: 'get',
    title: 'get one',
    goals: { bare: 0.9, lean: 0.85, fastapi: 5, pocketbase: 2 },
    requests: ({ token, ids }, { tasks }) =>
      ids.map((id) => request('GET', `${tasks}/${id}`, token)),
  },
  {
    name: 'create',
    title: 'create',
    goals: { bare: 0.9, lean: 0.6, fastapi: 3, pocketbase: 1.5 },
    requests: ({ writer }, { tasks, newTask }) => [
      request('POST', tasks, writer, { type: 'application/json', text: JSON.stringify(newTask) }),
    ],
  },
  {
    name: 'patch',
    title: 'patch with `If-Match`',
    goals: { bare: 0.9, lean: 0.6, fastapi: 4, pocketbase: 1.5 },
    requests: patch,
    changes: true,
  },
];
