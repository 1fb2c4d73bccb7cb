import { beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { useApp } from '../support/app.js';
import { signUp, type TestUser } from '../support/client.js';

const app = useApp();
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

/**
 * Returns everything the server sends in response to these bytes until it closes the connection.
 */
async function speak(bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(app.url);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  return text(socket);
}

const request = (line: string, headers: readonly string[], body = '') =>
  [
    `${line} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    `Authorization: Bearer ${ada.token}`,
    ...headers,
    '',
    body,
  ].join('\r\n');

const CREATE = 'POST /api/v1/tasks';
const JSON_TYPE = 'Content-Type: application/json';
const CHUNKED = 'Transfer-Encoding: chunked';
const BODY = '{"title":"smuggled"}';

/** The head and the problem of the only answer there is. */
function problemIn(response: string): [head: string, problem: ProblemDto] {
  const [head = '', body = '', ...more] = response.split('\r\n\r\n');
  expect(more).toEqual([]);
  return [head, JSON.parse(body) as ProblemDto];
}

describe('bytes that are not HTTP', () => {
  it.each<{ name: string; bytes: () => string | Buffer }>([
    { name: 'a word', bytes: () => 'GARBAGE\r\n\r\n' },
    { name: 'an unknown method', bytes: () => 'FROB / HTTP/1.1\r\nHost: x\r\n\r\n' },
    { name: 'the start of TLS', bytes: () => Buffer.from('16030100a5010000a10303', 'hex') },
    { name: 'the preface of HTTP/2', bytes: () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
    { name: 'a header without a colon', bytes: () => request('GET /', ['nonsense']) },
    { name: 'a header folded over two lines', bytes: () => request('GET /', ['X: a', ' b']) },
    { name: 'a space in a header’s name', bytes: () => request('GET /', ['X Y: a']) },
    { name: 'NUL in a header', bytes: () => request('GET /', ['X: a\0b']) },
    { name: 'a path beyond ASCII', bytes: () => Buffer.from('GET /é HTTP/1.1\r\nHost: x\r\n\r\n') },
    {
      name: 'a length and chunks',
      bytes: () => request(CREATE, [JSON_TYPE, 'Content-Length: 20', CHUNKED], BODY),
    },
    {
      name: 'chunks and a length',
      bytes: () => request(CREATE, [JSON_TYPE, CHUNKED, 'Content-Length: 20'], BODY),
    },
    {
      name: 'two lengths',
      bytes: () => request(CREATE, ['Content-Length: 20', 'Content-Length: 21'], BODY),
    },
    {
      name: 'a negative length',
      bytes: () => request(CREATE, [JSON_TYPE, 'Content-Length: -1'], BODY),
    },
    {
      name: 'a length that is no number',
      bytes: () => request(CREATE, ['Content-Length: 0x14'], BODY),
    },
    {
      name: 'a chunk of no size',
      bytes: () => request(CREATE, [JSON_TYPE, CHUNKED], 'zz\r\nabc\r\n'),
    },
    {
      name: 'an encoding nobody knows',
      bytes: () => request(CREATE, ['Transfer-Encoding: xchunked'], BODY),
    },
  ])('are a problem, 400: $name', async ({ bytes }) => {
    const [head, problem] = problemIn(await speak(bytes()));
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(head).toMatch(/^content-type: application\/problem\+json/im);
    expect(head.toLowerCase()).toContain(`x-request-id: ${problem.requestId}`);
    expect(problem).toMatchObject({ status: 400, code: 'malformed_request' });
  });

  it('leave no task behind', async () => {
    expect((await ada.list()).data).toEqual([]);
  });
});

describe('a request', () => {
  it('with headers past the limit is a problem, 431', async () => {
    const [head, problem] = problemIn(await speak(request('GET /', [`X: ${'x'.repeat(20_000)}`])));
    expect(head).toMatch(/^HTTP\/1\.1 431 /);
    expect(problem).toMatchObject({ status: 431, code: 'headers_too_large' });
  });

  it.each([
    { name: 'no media type', headers: ['Content-Length: 20'] },
    { name: 'an empty media type', headers: ['Content-Type: ', 'Content-Length: 20'] },
    { name: 'no media type, in chunks', headers: [CHUNKED] },
  ])('with a body of $name is a problem, 415', async ({ headers }) => {
    const body = headers.includes(CHUNKED) ? `14\r\n${BODY}\r\n0\r\n\r\n` : BODY;
    const response = await speak(request(CREATE, headers, body));
    expect(response).toMatch(/^HTTP\/1\.1 415 /);
    expect(response).toContain('"code":"unsupported_media_type"');
  });

  it('is read in chunks', async () => {
    const chunks = `8\r\n{"title"\r\nc\r\n:"in chunks"}\r\n0\r\n\r\n`;
    const headers = [JSON_TYPE, CHUNKED];
    expect(await speak(request(CREATE, headers, chunks.replace('c\r\n', 'd\r\n')))).toMatch(
      /^HTTP\/1\.1 201 /,
    );
    expect((await ada.list()).data).toMatchObject([{ title: 'in chunks' }]);
  });

  it.each(['/%61pi/v1/tasks', 'http://localhost/api/v1/tasks'])(
    'for %s is kept out of caches, too, and closed without a token',
    async (target) => {
      const response = await speak(request(`GET ${target}`, []));
      expect(response).toMatch(/^HTTP\/1\.1 200 /);
      expect(response).toMatch(/^cache-control: private, no-store\r$/im);
      const anonymous = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
      expect(await speak(anonymous)).toMatch(/^HTTP\/1\.1 401 /);
    },
  );

  it('whose If-Match comes in two headers has both', async () => {
    const { id } = await ada.create();
    const line = `DELETE /api/v1/tasks/${id}`;
    const stale = request(line, ['If-Match: "8"', 'If-Match: "9"']);
    expect(await speak(stale)).toMatch(/^HTTP\/1\.1 412 /);
    const current = request(line, ['If-Match: "8"', 'If-Match: "1"']);
    expect(await speak(current)).toMatch(/^HTTP\/1\.1 204 /);
  });
});
