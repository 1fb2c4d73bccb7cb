import { randomUUID } from 'node:crypto';
import type { TaskDto, TaskPageDto } from '../../src/tasks/task.dto.js';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { contract } from './openapi.js';

/** A response with its body read. */
export interface ApiResponse<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Sent as JSON, unless it is a string. */
  readonly json?: unknown;
}

/** Reads a body; that of a stream, which has no end, is cancelled. */
async function readBody(response: Response): Promise<string> {
  if (response.headers.get('content-type') !== 'text/event-stream') return response.text();
  await response.body?.cancel();
  return '';
}

/**
 * Sends a request; the body of the response is parsed if it is JSON, and a string otherwise.
 *
 * @throws Error when the response does not match `openapi.json`.
 */
export async function send<T = ProblemDto>(
  url: string,
  { method = 'GET', headers = {}, json }: RequestOptions = {},
): Promise<ApiResponse<T>> {
  const body = json === undefined || typeof json === 'string' ? json : JSON.stringify(json);
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body }),
  });
  const text = await readBody(response);
  const isJson = text !== '' && /\bjson\b/.test(response.headers.get('content-type') ?? '');
  const { status, headers: received } = response;
  const read: unknown = isJson ? JSON.parse(text) : text;
  contract.verify({ method, url, status, headers: received, body: read });
  return { status, headers: received, body: read as T };
}

/** A signed-in user and their requests. */
export interface TestUser {
  readonly id: string;
  readonly email: string;
  readonly cookie: string;
  readonly token: string;
  api<T = ProblemDto>(path: string, options?: RequestOptions): Promise<ApiResponse<T>>;
  create(fields?: Record<string, unknown>): Promise<TaskDto>;
  list(query?: string): Promise<TaskPageDto>;
}

/** Returns a user of `url` with this token. */
export function userWith(
  url: string,
  identity: Pick<TestUser, 'id' | 'email' | 'cookie' | 'token'>,
): TestUser {
  const api = <T>(path: string, options: RequestOptions = {}) =>
    send<T>(`${url}/api/v1${path}`, {
      ...options,
      headers: { authorization: `Bearer ${identity.token}`, ...options.headers },
    });
  return {
    ...identity,
    api,
    async create(fields = {}) {
      const json = { title: 'Buy milk', ...fields };
      return (await api<TaskDto>('/tasks', { method: 'POST', json })).body;
    },
    async list(query = '') {
      return (await api<TaskPageDto>(`/tasks${query}`)).body;
    },
  };
}

interface SignUpResponse {
  readonly user: { readonly id: string };
}

/** Signs up a new user with the embedded Better Auth and fetches a token, as a browser does. */
export async function signUp(url: string, name = 'ada'): Promise<TestUser> {
  const email = `${name}.${randomUUID()}@example.com`;
  const signedUp = await send<SignUpResponse>(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { origin: url },
    json: { name, email, password: 'correct horse battery' },
  });
  if (signedUp.status !== 200) throw new Error(`sign-up: ${JSON.stringify(signedUp.body)}`);
  const cookie = signedUp.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const { body } = await send<{ token: string }>(`${url}/api/auth/token`, { headers: { cookie } });
  return userWith(url, { id: signedUp.body.user.id, email, cookie, token: body.token });
}
