import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { createDatabase, withOwner } from '../support/database.js';
import { StreamClient } from '../support/event-stream.js';
import { callAuth, newAddress, PASSWORD } from '../support/identity.js';
import { Collector } from '../support/otlp-collector.js';
import { Program } from '../support/program.js';
import { DatabaseProxy } from '../support/tcp-proxy.js';
import { claims, SECRET_MODE, signWithSecret } from '../support/tokens.js';
import { newTrace, requestLines, startTraced } from '../support/traced-program.js';
import { until } from '../support/until.js';

let folder: string;
let collector: Collector;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-spans-'));
  collector = await new Collector().start();
});
afterAll(async () => {
  await Program.killAll();
  await collector.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Sends a request that is part of a trace, and returns its spans. */
async function trace(
  address: string,
  { token, json }: { readonly token?: string; readonly json?: object } = {},
) {
  const { traceId, parentId, traceparent } = newTrace();
  const headers = { traceparent, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  const method = json === undefined ? 'GET' : 'POST';
  const { status } = await send<unknown>(address, { method, headers, json });
  const tree = await collector.tree(traceId);
  return { status, traceId, parentId, tree };
}

describe('a request under /api/v1', () => {
  let databaseUrl: string;
  let proxy: DatabaseProxy;
  let program: Program;
  let api: string;
  let token: string;
  beforeAll(async () => {
    databaseUrl = await createDatabase();
    proxy = new DatabaseProxy(databaseUrl);
    const DATABASE_URL = await proxy.start();
    const started = await startTraced(collector.url, folder, { ...SECRET_MODE, DATABASE_URL });
    program = started.program;
    api = `${started.url}/api/v1`;
    token = await signWithSecret(claims());
    // The first write of a user allots their quota.
    await trace(`${api}/tasks`, { token, json: { title: 'First' } });
  });
  afterAll(async () => {
    await program.kill('SIGTERM');
    await proxy.stop();
  });

  it('has a span below that of its caller, and below it one of each layer', async () => {
    const { status, parentId, tree } = await trace(`${api}/tasks?limit=3&q=milk`, { token });
    expect(status).toBe(200);
    expect(tree.outline).toEqual([
      'GET /api/v1/tasks',
      '  JwtAuthGuard',
      '  TasksRepository list',
      '    SELECT task',
    ]);
    expect(tree.span).toMatchObject({
      parentId,
      kind: 'server',
      status: 'unset',
      scope: 'taskward',
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/api/v1/tasks',
        'http.response.status_code': 200,
        'url.scheme': 'http',
        'url.path': '/api/v1/tasks',
      },
    });
    expect(tree.named('TasksRepository list')).toMatchObject({ kind: 'internal' });
    expect(tree.named('SELECT task')).toMatchObject({
      kind: 'client',
      attributes: {
        'db.system.name': 'postgresql',
        'db.query.summary': 'SELECT task',
        'db.operation.name': 'SELECT',
        'db.collection.name': 'task',
      },
    });
    for (const { start, end } of tree.all) {
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(tree.span.end);
    }
  });

  it('is named by its route, whatever its path is', async () => {
    const id = '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90';
    const { tree } = await trace(`${api}/tasks/${id}`, { token });
    expect(tree.span).toMatchObject({
      name: 'GET /api/v1/tasks/:id',
      status: 'unset',
      attributes: { 'url.path': `/api/v1/tasks/${id}`, 'http.response.status_code': 404 },
    });
    const unknown = await trace(`${api}/nothing`, { token });
    expect(unknown.tree.span.name).toBe('GET');
    expect(unknown.tree.span.attributes).not.toHaveProperty('http.route');
  });

  it('has the spans of a create, also if its body comes later', async () => {
    const { traceId, traceparent } = newTrace();
    const create = request(`${api}/tasks`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        traceparent,
        expect: '100-continue',
        'content-type': 'application/json',
      },
    });
    create.flushHeaders();
    await once(create, 'continue');
    create.end(JSON.stringify({ title: 'Milk' }));
    const [{ statusCode }] = (await once(create, 'response')) as [IncomingMessage];
    expect(statusCode).toBe(201);
    const tree = await collector.tree(traceId);
    expect(tree.outline).toEqual([
      'POST /api/v1/tasks',
      '  JwtAuthGuard',
      '  TasksRepository insert one',
      '    UPDATE usage, INSERT task, INSERT change_counter, INSERT change',
    ]);
  });

  it('has the spans of a transaction', async () => {
    const operations = [{ op: 'create', task: { title: 'a' } }];
    const { tree } = await trace(`${api}/tasks/batch`, { token, json: { operations } });
    expect(tree.outline.slice(0, 3)).toEqual([
      'POST /api/v1/tasks/batch',
      '  JwtAuthGuard',
      '  BEGIN',
    ]);
    expect(tree.outline).toContain('  TasksRepository insert one');
    expect(tree.outline.at(-1)).toBe('  COMMIT');
  });

  it('has the verification of a token that was not seen before', async () => {
    const { tree } = await trace(`${api}/me`, {
      token: await signWithSecret(claims({ jti: 'other' })),
    });
    expect(tree.outline).toEqual(['GET /api/v1/me', '  JwtAuthGuard', '    verify token']);
  });

  it.each([
    { name: 'without a token', token: undefined, type: 'missing_token' },
    { name: 'with an invalid one', token: 'x.y.z', type: 'invalid_token' },
  ])('is refused in the guard $name, which is no error of the server', async (refused) => {
    const { status, tree } = await trace(`${api}/tasks`, {
      ...(refused.token !== undefined && { token: refused.token }),
    });
    expect(status).toBe(401);
    expect(tree.span).toMatchObject({
      status: 'unset',
      attributes: { 'http.response.status_code': 401 },
    });
    expect(tree.named('JwtAuthGuard')).toMatchObject({
      status: 'unset',
      attributes: { 'error.type': refused.type },
    });
    expect(tree.outline).not.toContain('  TasksRepository list');
  });

  it('has its trace in the log, whoever has begun it', async () => {
    const { traceId } = await trace(`${api}/me`, { token });
    for (const traceparent of [undefined, '00-0-0-01', `${newTrace().traceparent}, x`]) {
      const headers = { ...(traceparent !== undefined && { traceparent }), 'x-request-id': 'own' };
      await send(`${api}/me`, { headers });
    }
    const own = () =>
      requestLines(program)
        .filter(({ requestId }) => requestId === 'own')
        .map((line) => String(line['traceId']));
    await until(() => Promise.resolve(own().length === 3));
    const traceIds = requestLines(program).map((line) => line['traceId']);
    expect(traceIds.filter((id) => id === traceId)).toHaveLength(1);
    expect(new Set(own()).size).toBe(3);
    for (const id of own()) expect((await collector.tree(id)).span.parentId).toBe('');
  });

  it('ends its span when a stream of changes begins', async () => {
    const { traceId, traceparent } = newTrace();
    const stream = await StreamClient.open(
      api.replace('/api/v1', ''),
      { token },
      { headers: { traceparent } },
    );
    const tree = await collector.tree(traceId);
    expect(stream.isClosed).toBe(false);
    expect(tree.span).toMatchObject({
      name: 'GET /api/v1/changes/stream',
      attributes: { 'http.response.status_code': 200 },
    });
    stream.close();
  });

  it('ends its span with its connection, if its response waited behind another', async () => {
    const { traceId, traceparent } = newTrace();
    const { hostname, port } = new URL(api);
    const socket = connect(Number(port), hostname);
    const head = ['host: localhost', `authorization: Bearer ${token}`, '', ''].join('\r\n');
    const stream = `GET /api/v1/changes/stream HTTP/1.1\r\n${head}`;
    // Both at once, so that the second has begun when the stream responds.
    socket.write(`${stream}GET /api/v1/me HTTP/1.1\r\ntraceparent: ${traceparent}\r\n${head}`);
    await once(socket, 'data');
    socket.destroy();
    const { span } = await collector.tree(traceId);
    expect(span.name).toBe('GET /api/v1/me');
    expect(span.attributes).not.toHaveProperty('http.response.status_code');
  });

  it('has no spans if its caller does not sample it, nor if it is of a monitor', async () => {
    const unsampled = newTrace({ isSampled: false });
    const { traceId, traceparent } = newTrace();
    const monitored = api.replace('/api/v1', '');
    await send(`${api}/tasks`, {
      headers: { traceparent: unsampled.traceparent, authorization: `Bearer ${token}` },
    });
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      await fetch(monitored + path, { headers: { traceparent } });
    }
    const last = await trace(`${api}/me`, { token });
    expect(last.tree.span.name).toBe('GET /api/v1/me');
    const traces = new Set(collector.spans.map((span) => span.traceId));
    expect(traces.has(unsampled.traceId)).toBe(false);
    expect(traces.has(traceId)).toBe(false);
    // The log has the trace all the same.
    const logged = () => requestLines(program).map((line) => line['traceId']);
    await until(() => Promise.resolve(logged().includes(unsampled.traceId)));
  });

  it('has the SQLSTATE of a statement that failed, and nothing that PostgreSQL quotes', async () => {
    const change = (sql: string) => withOwner(databaseUrl, (client) => client.query(sql));
    await change(`alter table task add constraint planted check (title <> 'Planted') not valid`);
    const { status, tree } = await trace(`${api}/tasks`, { token, json: { title: 'Planted' } });
    await change('alter table task drop constraint planted');
    expect(status).toBe(500);
    expect(tree.all.find(({ kind }) => kind === 'client')).toMatchObject({
      status: 'error',
      statusMessage: '',
      attributes: { 'db.response.status_code': '23514', 'error.type': '23514' },
    });
    expect(collector.requests.some(({ text }) => text.includes('Planted'))).toBe(false);
  });

  it('has an error where the database is out of reach', async () => {
    proxy.cut();
    const { status, tree } = await trace(`${api}/tasks`, { token });
    proxy.mend();
    expect(status).toBe(503);
    expect(tree.span).toMatchObject({
      status: 'error',
      statusMessage: '',
      events: 0,
      attributes: { 'http.response.status_code': 503, 'error.type': '503' },
    });
    expect(tree.named('TasksRepository list')).toMatchObject({
      status: 'error',
      attributes: { 'error.type': 'database_unavailable' },
    });
  });
});

describe('a sign-in', () => {
  it('has the spans of Better Auth, and of its statements', async () => {
    const { url } = await startTraced(collector.url, folder);
    const account = { name: 'Ada', email: newAddress(), password: PASSWORD };
    await callAuth(url, '/sign-up/email', account);
    const { status, tree } = await trace(`${url}/api/auth/sign-in/email`, { json: account });
    expect(status).toBe(200);
    expect(tree.span.name).toBe('POST /api/auth/sign-in/email');
    expect(tree.outline).toEqual(
      expect.arrayContaining([
        '  POST /sign-in/email',
        '    handler /sign-in/email',
        '      db findOne user',
        '        SELECT user',
        '      db create session',
        '        INSERT session',
      ]),
    );
    expect(tree.named('db create session')).toMatchObject({
      scope: 'better-auth',
      attributes: { 'db.operation.name': 'create', 'db.collection.name': 'session' },
    });
    const wrong = await trace(`${url}/api/auth/sign-in/email`, {
      json: { ...account, password: `not ${PASSWORD}` },
    });
    expect(wrong.status).toBe(401);
    for (const { events, statusMessage } of wrong.tree.all) {
      expect({ events, statusMessage }).toEqual({ events: 0, statusMessage: '' });
    }
    // Nothing that runs at the start, or beside requests, begins a trace.
    await until(() => Promise.resolve(collector.spans.length > 0));
    const roots = collector.spans.filter(({ parentId }) => parentId === '');
    expect(roots.filter(({ kind }) => kind !== 'server')).toEqual([]);
  });
});
