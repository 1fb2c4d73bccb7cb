import { expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { RouteTable } from './route-table.js';

const handler = () => 'here';
const app = fastify();
const table = new RouteTable(app);
app.get('/', handler);
app.get('/tasks', handler);
app.post('/tasks', handler);
app.get('/tasks/:id', handler);
app.delete('/tasks/:id', handler);
app.post('/tasks/batch', handler);
app.patch('/tasks/:id/complete', handler);
app.get('/feeds/:secret.ics', handler);
app.route({ method: ['GET', 'POST'], url: '/auth/*', handler });
await app.ready();

it.each([
  { url: '/', methods: ['GET', 'HEAD'] },
  { url: '/tasks', methods: ['GET', 'HEAD', 'POST'] },
  { url: '/tasks?limit=1', methods: ['GET', 'HEAD', 'POST'] },
  { url: '/tasks/7', methods: ['DELETE', 'GET', 'HEAD'] },
  { url: '/tasks/batch', methods: ['POST'] },
  { url: '/feeds/7.ics', methods: ['GET', 'HEAD'] },
  { url: '/tasks/7/complete', methods: ['PATCH'] },
])('$url knows $methods', ({ url, methods }) => {
  expect(table.methodsOf(url)).toEqual(methods);
});

it.each([
  '',
  '/tasks/',
  '/tasks/7/',
  '/tasks/7/complete/',
  '/tasks//complete',
  '/Tasks',
  '/feeds/7',
  '/feeds/.ics',
  '/feeds/7.ics/',
  '/auth',
  '/auth/',
  '/auth/sign-in/email',
  '/authentic',
  '//tasks',
])('%j is nothing', (url) => {
  expect(table.methodsOf(url)).toEqual([]);
});

it('keeps an address that one route names from the parameter of another', async () => {
  const statuses = ['/tasks/batch', '/tasks/batch?x=1', '/tasks/7'].map(async (url) => {
    return (await app.inject({ method: 'GET', url })).statusCode;
  });
  expect(await Promise.all(statuses)).toEqual([404, 404, 200]);
});
