import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import {
  parseResponses,
  parseOnlyResponse,
  speak,
  type Speech,
  type WireResponse,
} from '../support/raw.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const TASKS = '/api/v1/tasks';
const BODY = '{"title":"smuggled"}';
const LENGTH = `Content-Length: ${String(BODY.length)}`;
const CHUNKS = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
const JSON_TYPE = 'Content-Type: application/json';
const CHUNKED = 'Transfer-Encoding: chunked';
const ENDS = [JSON_TYPE, CHUNKED];

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, randomUUID());
});

const authorized = () => `Authorization: Bearer ${ada.token}`;

/** A request of ada's, that is to be the last of its connection; these headers come last. */
const request = (line: string, headers: readonly string[] = [], body = '') =>
  [`${line} HTTP/1.1`, 'Host: x', 'Connection: close', authorized(), ...headers, '', body].join(
    '\r\n',
  );
const get = (...headers: string[]) => request(`GET ${TASKS}`, headers);
const post = (headers: readonly string[], body = BODY) => request(`POST ${TASKS}`, headers, body);
/** The same without what stands in front. */
const bare = (...lines: string[]) => [...lines, '', ''].join('\r\n');

const sendBytes = (bytes: string, how?: Speech) => speak(app.url, bytes, how);

/** Everything that an error has, whoever writes it. */
function expectProblem({ status, headers, body }: WireResponse, code: string): void {
  const problem = body as ProblemDto;
  expect([problem.code, problem.status, status]).toEqual([code, status, status]);
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-request-id')).toBe(problem.requestId);
  expect(Date.parse(headers.get('date') ?? '')).not.toBeNaN();
}

/** Requests that Node itself accepts, or rejects without a problem. */
const NODE_IS_LAX: [string, () => string][] = [
  ['no Host', () => bare(`GET ${TASKS} HTTP/1.1`)],
  ['no Host, at an address where nothing is', () => bare('GET /nothing HTTP/1.1')],
  ['two Hosts', () => bare(`GET ${TASKS} HTTP/1.1`, 'Host: x', 'Host: y')],
  ['the same Host twice', () => bare(`GET ${TASKS} HTTP/1.1`, 'Host: x', 'host: x')],
  ['a Host that is no host', () => bare(`GET ${TASKS} HTTP/1.1`, 'Host: x/y')],
  ['a Host with a user', () => bare(`GET ${TASKS} HTTP/1.1`, 'Host: a@x')],
  ['two media types', () => post([JSON_TYPE, 'Content-Type: text/plain', LENGTH])],
  ['an Expect that nobody knows', () => post([JSON_TYPE, LENGTH, 'Expect: magic'])],
  ['HTTP/2.0 in the clear', () => bare(`GET ${TASKS} HTTP/2.0`, 'Host: x')],
  ['HTTP/0.9 with a version', () => bare(`GET ${TASKS} HTTP/0.9`, 'Host: x')],
  [
    'a coding before the chunks',
    () => post([JSON_TYPE, 'Transfer-Encoding: gzip, chunked'], CHUNKS),
  ],
  [
    'chunks in HTTP/1.0',
    () => post([...ENDS, 'Connection: keep-alive'], CHUNKS).replace('HTTP/1.1', 'HTTP/1.0'),
  ],
];

describe('what breaks HTTP’s rules is a problem, 400:', () => {
  it.each<[string, () => string]>([
    ...NODE_IS_LAX,
    ['no target', () => bare('GET  HTTP/1.1', 'Host: x')],
    ['no version', () => bare(`GET ${TASKS}`, 'Host: x')],
    ['a version to come', () => bare(`GET ${TASKS} HTTP/1.2`, 'Host: x')],
    ['a version far away', () => bare(`GET ${TASKS} HTTP/9.9`, 'Host: x')],
    ['a method in small letters', () => bare(`get ${TASKS} HTTP/1.1`, 'Host: x')],
    ['a space before the method', () => bare(` GET ${TASKS} HTTP/1.1`, 'Host: x')],
    ['tabs for spaces', () => bare(`GET\t${TASKS}\tHTTP/1.1`, 'Host: x')],
    ['a space in the target', () => bare(`GET ${TASKS} x HTTP/1.1`, 'Host: x')],
    ['NUL in the target', () => bare(`GET ${TASKS}\0 HTTP/1.1`, 'Host: x')],
    ['backslashes', () => bare(`GET ${TASKS.replaceAll('/', '\\')} HTTP/1.1`, 'Host: x')],
    ['a target that is a host and port', () => bare('GET example.com:80 HTTP/1.1', 'Host: x')],
    ['a target that is a host and path', () => bare(`GET x@${TASKS} HTTP/1.1`, 'Host: x')],
    ['lines that end in LF', () => get().replaceAll('\r\n', '\n')],
    ['lines that end in CR', () => get().replaceAll('\r\n', '\r')],
    ['CR in a header', () => get('X: a\rb')],
    ['LF in a header', () => get('X: a\nAuthorization: Bearer x')],
    ['NUL in a header’s name', () => get('X\0: a')],
    ['DEL in a header', () => get('X: a\x7f')],
    ['a header without a name', () => get(': a')],
    ['a space before the colon', () => get('X : a')],
    ['a first header that is folded', () => bare(`GET ${TASKS} HTTP/1.1`, ' Host: x')],
    [
      'a token that is folded',
      () => bare(`GET ${TASKS} HTTP/1.1`, 'Host: x', 'Authorization:', ` Bearer ${ada.token}`),
    ],
    ['a length twice', () => post([JSON_TYPE, LENGTH, LENGTH])],
    ['a list of lengths', () => post([JSON_TYPE, `${LENGTH}, ${String(BODY.length)}`])],
    ['a length with a sign', () => post([JSON_TYPE, LENGTH.replace(': ', ': +')])],
    ['an empty length', () => post([JSON_TYPE, 'Content-Length:'])],
    ['a length beyond numbers', () => post([JSON_TYPE, `Content-Length: ${'9'.repeat(30)}`])],
    [
      'chunks that are not last',
      () => post([JSON_TYPE, 'Transfer-Encoding: chunked, gzip'], CHUNKS),
    ],
    ['chunks twice', () => post([...ENDS, CHUNKED], CHUNKS)],
    ['chunks that are none', () => post([JSON_TYPE, 'Transfer-Encoding: identity'], CHUNKS)],
    [
      'chunks behind a vertical tab',
      () => post([JSON_TYPE, 'Transfer-Encoding: \x0bchunked'], CHUNKS),
    ],
    [
      'a length in small letters, and chunks',
      () => post([JSON_TYPE, 'content-length: 0', 'transfer-encoding: Chunked'], CHUNKS),
    ],
    ['a chunk of negative size', () => post(ENDS, `-${CHUNKS}`)],
    ['a chunk beyond numbers', () => post(ENDS, `${'f'.repeat(17)}\r\n${BODY}`)],
    ['a chunk that is longer than it says', () => post(ENDS, `5\r\n${BODY}\r\n0\r\n\r\n`)],
    ['a chunk that ends in LF', () => post(ENDS, CHUNKS.replaceAll('\r\n', '\n'))],
    ['a chunk with an extension over a line', () => post(ENDS, CHUNKS.replace('\r\n', ';a\n'))],
    [
      'a chunk with an endless extension',
      () => post(ENDS, CHUNKS.replace('\r', `;${'a'.repeat(20_000)}\r`)),
    ],
    ['a trailer that is no header', () => post(ENDS, CHUNKS.replace(/\r\n$/, 'nonsense\r\n\r\n'))],
  ])('%s', async (_, bytes) => {
    const response = parseOnlyResponse(await sendBytes(bytes()), 'GET', `${app.url}/`);
    expectProblem(response, 'malformed_request');
    expect(response.headers.get('connection')).toBe('close');
    expect((await ada.list()).data).toEqual([]);
  });

  it('of which Node alone lets some pass, so that the rules of our own are needed', async () => {
    const node: Server = createServer((_, response) =>
      response.setHeader('connection', 'close').end(),
    );
    await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((node.address() as AddressInfo).port)}`;
    try {
      for (const [name, bytes] of NODE_IS_LAX) {
        expect([name, await speak(url, bytes())]).toEqual([
          name,
          expect.not.stringContaining('problem'),
        ]);
      }
    } finally {
      node.close();
    }
  });

  it.each<{ name: string; bytes: () => string }>([
    { name: 'a body that is cut off', bytes: () => post([JSON_TYPE, 'Content-Length: 1000']) },
    { name: 'a chunk that is cut off', bytes: () => post(ENDS, CHUNKS.slice(0, 10)) },
    { name: 'chunks without an end', bytes: () => post(ENDS, CHUNKS.slice(0, -5)) },
    { name: 'a head that is cut off', bytes: () => get().slice(0, 40) },
    { name: 'a line alone, as in HTTP/0.9', bytes: () => `GET ${TASKS}\r\n` },
  ])('$name', async ({ bytes }) => {
    expectProblem(
      parseOnlyResponse(await sendBytes(bytes(), { end: true }), 'POST', `${app.url}${TASKS}`),
      'malformed_request',
    );
  });
});

describe('what is too large is a problem, 431 or 413:', () => {
  it.each<{ name: string; code: string; bytes: () => string }>([
    {
      name: 'a header of 17 KiB',
      code: 'headers_too_large',
      bytes: () => get(`X: ${'x'.repeat(17 * 1024)}`),
    },
    {
      name: 'a name of 17 KiB',
      code: 'headers_too_large',
      bytes: () => get(`${'x'.repeat(17 * 1024)}: x`),
    },
    {
      name: '10,000 headers',
      code: 'headers_too_large',
      bytes: () => get(...Array.from({ length: 10_000 }, (_, i) => `X${String(i)}: y`)),
    },
    {
      name: 'an address of 20 KiB',
      code: 'headers_too_large',
      bytes: () => request(`GET ${TASKS}?q=${'x'.repeat(20 * 1024)}`),
    },
    {
      name: 'a trailer of 20 KiB',
      code: 'headers_too_large',
      bytes: () => post(ENDS, CHUNKS.replace(/\r\n$/, `X: ${'x'.repeat(20 * 1024)}\r\n\r\n`)),
    },
    {
      name: 'a length of a petabyte',
      code: 'payload_too_large',
      bytes: () => post([JSON_TYPE, 'Content-Length: 1000000000000000']),
    },
    {
      name: 'chunks without number',
      code: 'payload_too_large',
      bytes: () => post(ENDS, `400\r\n${'x'.repeat(1024)}\r\n`.repeat(300)),
    },
  ])('$name', async ({ code, bytes }) => {
    expectProblem(parseOnlyResponse(await sendBytes(bytes()), 'POST', `${app.url}${TASKS}`), code);
  });

  it('no header is dropped for the number of those before it', async () => {
    const { id } = await ada.create();
    const many = Array.from({ length: 1_500 }, () => 'A:');
    const stale = request(`DELETE ${TASKS}/${id}`, [...many, 'If-Match: "9"']);
    const response = parseOnlyResponse(
      await sendBytes(stale),
      'DELETE',
      `${app.url}${TASKS}/${id}`,
    );
    expectProblem(response, 'precondition_failed');
  });
});

describe('an address is taken as it is written:', () => {
  it.each<{ target: string; code: string }>([
    { target: '//', code: 'route_not_found' },
    { target: `/${TASKS}`, code: 'route_not_found' },
    { target: '/api//v1/tasks', code: 'route_not_found' },
    { target: `${TASKS}/`, code: 'route_not_found' },
    { target: `/..${TASKS}`, code: 'route_not_found' },
    { target: `/health/..${TASKS}`, code: 'route_not_found' },
    { target: `/health/%2e%2e${TASKS}`, code: 'route_not_found' },
    { target: '/api%2fv1%2ftasks', code: 'route_not_found' },
    { target: '/API/V1/TASKS', code: 'route_not_found' },
    { target: `${TASKS};x=1`, code: 'route_not_found' },
    { target: '*', code: 'route_not_found' },
    { target: `ftp://x${TASKS}`, code: 'route_not_found' },
    { target: `/${'x/'.repeat(7_000)}`, code: 'route_not_found' },
    { target: 'http://[::1/api/v1/tasks', code: 'malformed_url' },
    { target: '/%', code: 'malformed_url' },
    { target: `${TASKS}/%zz`, code: 'malformed_url' },
    { target: `${TASKS}/%ff`, code: 'malformed_url' },
    { target: `${TASKS}/%c0%ae%c0%ae`, code: 'malformed_url' },
    { target: `${TASKS}/%00`, code: 'invalid_id' },
    { target: `${TASKS}/..`, code: 'invalid_id' },
    { target: `${TASKS}/%2e%2e%2f`, code: 'invalid_id' },
    { target: `${TASKS}/${'x'.repeat(7_000)}`, code: 'invalid_id' },
    { target: `${TASKS}?q=%`, code: 'invalid_parameter' },
    { target: `${TASKS}?q=%ff`, code: 'invalid_parameter' },
    { target: `${TASKS}?tags=%zz`, code: 'invalid_parameter' },
    { target: `${TASKS}?%ff=true`, code: 'invalid_parameter' },
    { target: `${TASKS}#fragment`, code: 'invalid_parameter' },
  ])('$target is a problem, $code', async ({ target, code }) => {
    const said = await sendBytes(request(`GET ${target}`));
    const response = parseOnlyResponse(said, 'GET', `${app.url}/`);
    expectProblem(response, code);
    expect((response.body as ProblemDto).instance).toBe(target.split('?')[0]);
  });

  it.each([
    'http://elsewhere.example/api/v1/tasks',
    'HTTP://X:1/api/v1/tasks?limit=1',
    '/%61pi/v1/tasks',
  ])('%s is the list', async (target) => {
    expect(
      parseOnlyResponse(await sendBytes(request(`GET ${target}`)), 'GET', `${app.url}${TASKS}`)
        .status,
    ).toBe(200);
  });

  it.each(['TRACE', 'OPTIONS', 'PROPFIND', 'QUERY'])(
    '%s is a method it does not know, 405',
    async (method) => {
      const response = parseOnlyResponse(
        await sendBytes(request(`${method} ${TASKS}`)),
        method,
        `${app.url}${TASKS}`,
      );
      expectProblem(response, 'method_not_allowed');
      expect(JSON.stringify(response.body)).not.toContain(ada.token);
    },
  );
});

describe('a connection', () => {
  it.each<{ name: string; bytes: string }>([
    {
      name: 'that asks for a tunnel',
      bytes: bare('CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443'),
    },
    { name: 'that says nothing and hangs up', bytes: '' },
    { name: 'that says nothing but line ends', bytes: '\r\n\r\n' },
  ])('$name is closed', async ({ bytes }) => {
    expect(await sendBytes(bytes, { end: true })).toBe('');
  });

  it.each<{ name: string; bytes: () => string }>([
    {
      name: 'in HTTP/1.0, without a Host',
      bytes: () => `GET ${TASKS} HTTP/1.0\r\n${authorized()}\r\n\r\n`,
    },
    { name: 'with an empty Host', bytes: () => get().replace('Host: x', 'Host:') },
    { name: 'with an IPv6 Host', bytes: () => get().replace('Host: x', 'Host: [::1]:3000') },
    { name: 'after empty lines', bytes: () => `\r\n\r\n${get()}` },
    {
      name: 'with an offer to upgrade to WebSocket',
      bytes: () =>
        get('Upgrade: websocket', 'Sec-WebSocket-Version: 13').replace('close', 'close, Upgrade'),
    },
    {
      name: 'with an offer to upgrade to HTTP/2',
      bytes: () =>
        get('Upgrade: h2c', 'HTTP2-Settings: AAMA').replace(
          'close',
          'close, Upgrade, HTTP2-Settings',
        ),
    },
    { name: 'with bytes beyond ASCII in a header', bytes: () => get('X: \xff\xfe') },
    { name: 'with a body', bytes: () => get(JSON_TYPE, LENGTH) + BODY },
  ])('that consists of $name gets its response', async ({ bytes }) => {
    expect(parseOnlyResponse(await sendBytes(bytes()), 'GET', `${app.url}${TASKS}`).status).toBe(
      200,
    );
  });

  it('gets a response to each of its requests, in order', async () => {
    const then = (bytes: string) => bytes.replace('Connection: close\r\n', '');
    const missing = request(`GET ${TASKS}/0199c0de-0000-7000-8000-000000000000`);
    const said = await sendBytes(
      then(post([JSON_TYPE, LENGTH])) + then(missing) + then(request('GET /')) + get(),
    );
    const responses = parseResponses(said);
    expect(responses.map(({ status }) => status)).toEqual([201, 404, 302, 200]);
    expect(responses[0]?.body).toEqual((await ada.list()).data[0]);
  });

  it('gets the responses to complete requests before the next one is rejected', async () => {
    const whole = post([JSON_TYPE, LENGTH]).replace('Connection: close\r\n', '');
    const responses = parseResponses(await sendBytes(`${whole}${whole}GARBAGE\r\n\r\n`));
    expect(responses.map(({ status }) => status)).toEqual([201, 201, 400]);
    expect((await ada.list()).data).toHaveLength(2);
  });

  it('gets one response to a request that is rejected before its end, and is closed', async () => {
    const early = post([...ENDS, 'Host: y']).replace('Connection: close\r\n', '');
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname).setEncoding('latin1');
    let said = '';
    socket.on('data', (text: string) => (said += text));
    const closed = once(socket, 'close');
    socket.write(early.slice(0, early.indexOf('\r\n\r\n') + 4));
    await once(socket, 'data');
    socket.write('zz\r\n');
    await closed;
    expect(parseResponses(said).map(({ status }) => status)).toEqual([400]);
  });
});

/** Two readings of where a request ends: what is hidden behind the first must not be done. */
describe('a request hidden in another is never done:', () => {
  const hidden = (id: string) =>
    `DELETE ${TASKS}/${id}?permanent=true HTTP/1.1\r\nHost: x\r\n${authorized()}\r\n\r\n`;

  it.each<{ name: string; bytes: (behind: string) => string }>([
    {
      name: 'behind a length and chunks',
      bytes: (behind) => post([JSON_TYPE, LENGTH, CHUNKED], `0\r\n\r\n${behind}`),
    },
    {
      name: 'behind chunks and a length',
      bytes: (behind) => post([...ENDS, 'Content-Length: 5'], `0\r\n\r\n${behind}`),
    },
    {
      name: 'behind two lengths',
      bytes: (behind) =>
        post(['Content-Length: 0', `Content-Length: ${String(behind.length)}`], behind),
    },
    {
      name: 'behind chunks in disguise',
      bytes: (behind) => post([JSON_TYPE, 'Transfer-Encoding : chunked'], `0\r\n\r\n${behind}`),
    },
    {
      name: 'behind chunks of another name',
      bytes: (behind) => post([JSON_TYPE, 'Transfer-Encoding: xchunked'], `0\r\n\r\n${behind}`),
    },
    {
      name: 'behind a coding and chunks',
      bytes: (behind) => post([JSON_TYPE, 'Transfer-Encoding: x, chunked'], `0\r\n\r\n${behind}`),
    },
    {
      name: 'behind chunks in HTTP/1.0',
      bytes: (behind) =>
        post([...ENDS, 'Connection: keep-alive'], `0\r\n\r\n${behind}`)
          .replace('HTTP/1.1', 'HTTP/1.0')
          .replace('Connection: close\r\n', ''),
    },
    { name: 'behind an extension of a chunk', bytes: (behind) => post(ENDS, `0;\n${behind}`) },
    { name: 'behind a header with LF', bytes: (behind) => get(`X: y\n\n${behind}`) },
    {
      name: 'behind an unknown Expect',
      bytes: (behind) => post([JSON_TYPE, 'Expect: magic', LENGTH], behind),
    },
    { name: 'behind no Host', bytes: (behind) => `GET ${TASKS} HTTP/1.1\r\n\r\n${behind}` },
  ])('$name', async ({ bytes }) => {
    const { id } = await ada.create();
    const responses = parseResponses(await sendBytes(bytes(hidden(id))));
    expect(responses.map(({ status }) => status)).toEqual([400]);
    expect((await ada.list()).data.map((task) => task.id)).toEqual([id]);
  });
});

/** Sends something, and then more until the server closes the connection. */
async function drip(first: string, more: string): Promise<void> {
  const { hostname, port } = new URL(app.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  const closed = new Promise((resolve) => socket.resume().once('close', resolve));
  socket.on('error', () => undefined).write(first);
  const timer = setInterval(() => socket.write(more), 20);
  await closed;
  clearInterval(timer);
}

describe('a caller who takes too long is cut off, 408:', () => {
  const limits: [headers: number, request: number] = [0, 0];

  beforeAll(() => {
    const server = app.nest.getHttpServer();
    limits.splice(0, 2, server.headersTimeout, server.requestTimeout);
    [server.headersTimeout, server.requestTimeout] = [300, 300];
  });
  afterAll(() => {
    const server = app.nest.getHttpServer();
    [server.headersTimeout, server.requestTimeout] = limits;
  });

  it('the limits were those of the documentation', () => {
    expect(limits).toEqual([30_000, 30_000]);
  });

  it.each<{ name: string; bytes: () => string }>([
    { name: 'in the request line', bytes: () => 'GET /api' },
    { name: 'in the headers', bytes: () => get().slice(0, 40) },
    { name: 'in the body', bytes: () => post([JSON_TYPE, LENGTH]).slice(0, -3) },
    { name: 'in a chunk', bytes: () => post(ENDS, CHUNKS.slice(0, 10)) },
    { name: 'before the last chunk', bytes: () => post(ENDS, CHUNKS.slice(0, -5)) },
    { name: 'in a line alone, as in HTTP/0.9', bytes: () => `GET ${TASKS}\r\n` },
  ])('$name', async ({ bytes }) => {
    const response = parseOnlyResponse(await sendBytes(bytes()), 'POST', `${app.url}${TASKS}`);
    expectProblem(response, 'request_timeout');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
  });

  it.each<{ name: string; first: () => string; more: string }>([
    { name: 'headers', first: () => `GET ${TASKS} HTTP/1.1\r\n`, more: 'X: y\r\n' },
    { name: 'a body', first: () => post([JSON_TYPE, 'Content-Length: 10000'], '"'), more: ' ' },
    { name: 'chunks', first: () => post(ENDS), more: '1\r\n \r\n' },
  ])('though there is always more of $name', async ({ first, more }) => {
    await expect(drip(first(), more)).resolves.toBeUndefined();
  });
});

it('who is refused, neither hangs up nor falls silent, is cut off', async () => {
  await Promise.all(Array.from({ length: 20 }, () => drip('GARBAGE\r\n\r\n', 'MORE\r\n')));
  expect((await ada.list()).data).toEqual([]);
});
