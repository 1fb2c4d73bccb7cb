import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { startApp, useApp } from '../support/app.js';
import { send } from '../support/client.js';
import { expectProblem } from '../support/problem.js';
import { claims, SECRET_MODE, signWithSecret } from '../support/tokens.js';

const MISSING = 'Bearer realm="taskward"';
const INVALID = /^Bearer realm="taskward", error="invalid_token", error_description="[^"]+"$/;
const PATH = '/api/v1/me';

const app = useApp(SECRET_MODE);
let token: string;
let other: string;
beforeAll(async () => {
  [token, other] = [await signWithSecret(claims()), await signWithSecret(claims({ sub: 'bob' }))];
});

/** Sends these lines of header as they are: no client would. */
async function raw(url: string, lines: readonly string[]) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('latin1');
  const head = [`GET ${PATH} HTTP/1.1`, `Host: ${hostname}`, 'Connection: close', ...lines];
  socket.write(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  await once(socket, 'close');
  const [statusLine = '', ...rest] = text.split('\r\n\r\n')[0]?.split('\r\n') ?? [];
  const headers = new Headers(
    rest.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
  );
  const body = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as ProblemDto;
  return { status: Number(statusLine.split(' ')[1]), headers, body };
}

describe('one Authorization header', () => {
  it.each([
    { credentials: 'Bearer T', status: 200 },
    { credentials: 'bEaReR T', status: 200 },
    { credentials: 'Bearer    T', status: 200 },
    { credentials: 'Bearer T   ', status: 200 },
  ])('$credentials lets in', async ({ credentials, status }) => {
    const value = credentials.replace('T', token);
    expect((await raw(app.url, [`Authorization: ${value}`])).status).toBe(status);
  });

  it.each([
    '',
    'Bearer',
    'Bearer   ',
    'BearerT',
    'Bearer=T',
    'T',
    'JWT T',
    'Basic T',
    'Token token="T"',
    'Basic YTpi, Bearer T',
    'DPoP T',
  ])('%j holds no bearer token', async (credentials) => {
    const value = credentials.replace('T', token);
    const response = await raw(app.url, [`Authorization: ${value}`]);
    expectProblem(response, 401, 'missing_token', PATH);
    expect(response.headers.get('www-authenticate')).toBe(MISSING);
  });

  it.each([
    'Bearer T junk',
    'Bearer T,',
    'Bearer T, Bearer T',
    'Bearer T,Bearer U',
    'Bearer T U',
    'Bearer U T',
    'Bearer Bearer T',
    'Bearer "T"',
    'Bearer token="T"',
    'Bearer token=T',
    'Bearer \u00e9T',
    'Bearer T;x',
    'Bearer =T',
    'Bearer T=',
    'Bearer %54',
    'Bearer \u00a0T',
  ])('%j is refused', async (credentials) => {
    const value = credentials.replaceAll('T', token).replaceAll('U', other);
    const response = await raw(app.url, [`Authorization: ${value}`]);
    expectProblem(response, 401, 'invalid_token', PATH);
    expect(response.headers.get('www-authenticate')).toMatch(INVALID);
  });
});

describe('more than one Authorization header', () => {
  it.each<{ name: string; lines: string[] }>([
    { name: 'of one token twice', lines: ['Authorization: Bearer T', 'Authorization: Bearer T'] },
    { name: 'of two tokens', lines: ['Authorization: Bearer T', 'Authorization: Bearer U'] },
    { name: 'of two cases', lines: ['authorization: Bearer T', 'AUTHORIZATION: Bearer U'] },
    {
      name: 'far apart',
      lines: ['Authorization: Bearer T', 'X-Other: 1', 'authorization: Bearer U'],
    },
    { name: 'of two schemes', lines: ['Authorization: Basic YTpi', 'Authorization: Bearer T'] },
    {
      name: 'of no bearer token',
      lines: ['Authorization: Basic YTpi', 'Authorization: Basic YTpi'],
    },
    { name: 'of which the first is empty', lines: ['Authorization:', 'Authorization: Bearer T'] },
    { name: 'of which the last is empty', lines: ['Authorization: Bearer T', 'Authorization:'] },
  ])('$name is refused', async ({ lines }) => {
    const sent = lines.map((line) => line.replace(/ T$/, ` ${token}`).replace(/ U$/, ` ${other}`));
    const response = await raw(app.url, sent);
    expectProblem(response, 400, 'invalid_header', PATH);
    expect(response.body.errors).toEqual([
      { header: 'authorization', code: 'duplicate', detail: 'Authorization must be sent once.' },
    ]);
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer realm="taskward", error="invalid_request", error_description="Authorization must be sent once."',
    );
  });

  it('is not found in the value of another', async () => {
    const lines = [
      'X-Other: authorization',
      'X-Another: Authorization',
      `Authorization: Bearer ${token}`,
    ];
    expect((await raw(app.url, lines)).status).toBe(200);
  });

  it('is no trouble where no token is read', async () => {
    const line = `Authorization: Bearer ${token}`;
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname).setEncoding('latin1');
    socket.write(
      `GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${line}\r\n${line}\r\n\r\n`,
    );
    const [response] = (await once(socket, 'data')) as [string];
    expect(response).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  });
});

it('is read in the same way by the rate limit, which counts what is refused', async () => {
  const limited = await startApp({
    ...SECRET_MODE,
    RATE_LIMIT: 'on',
    RATE_LIMIT_PER_MINUTE: '5',
    RATE_LIMIT_ANONYMOUS_PER_MINUTE: '3',
  });
  try {
    const twice = [`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`];
    const junk = [`Authorization: Bearer ${token} junk`];
    const found: number[] = [];
    for (const lines of [twice, junk, twice, junk, twice]) {
      found.push((await raw(limited.url, lines)).status);
    }
    expect(found).toEqual([400, 401, 400, 429, 429]);
    const headers = { authorization: `Bearer ${token}` };
    expect((await send(`${limited.url}${PATH}`, { headers })).status).toBe(200);
  } finally {
    await limited.close();
  }
});
