import { client } from './taskward/client.gen.js';
import * as api from './taskward/index.js';

const [baseUrl = ''] = process.argv.slice(2);
const account = { name: 'Ada', email: 'hey-api@example.com', password: 'correct horse battery' };

const signUp = await api.signUp({ baseUrl, body: account });
// Node's fetch keeps no cookies; the signed value is in Set-Cookie alone.
const [cookie = ''] = signUp.response?.headers.getSetCookie() ?? [];
const session = cookie.slice(cookie.indexOf('=') + 1, cookie.indexOf(';'));
let token = '';
client.setConfig({ baseUrl, auth: ({ in: place }) => (place === 'cookie' ? session : token) });

const access = await api.getToken();
if (!access.data) throw new Error(JSON.stringify(access.error));
token = access.data.token;

const created = await api.createTask({
  body: { title: 'Buy milk', priority: 'high', due: '2026-12-24', tags: ['home'] },
});
if (!created.data) throw new Error(created.error.detail);
const { id, title, version } = created.data;
const etag = created.response?.headers.get('etag') ?? '';
const other = await api.createTask({ body: { title: 'Buy bread' } });

const query = { sort: 'createdAt', limit: 1 } as const;
const first = await api.listTasks({ query });
const second = await api.listTasks({ query: { ...query, cursor: first.data?.nextCursor ?? '' } });
const titles = [first, second].map((page) => page.data?.data.map((task) => task.title));

const conditional = { path: { id }, headers: { 'If-Match': etag } };
const patched = await api.updateTask({
  ...conditional,
  body: { description: 'Two litres', due: null },
});
const stale = await api.updateTask({ ...conditional, body: { title: 'Lost' } });
const completed = await api.completeTask({ path: { id }, body: { completed: true } });
const deleted = await api.deleteTask({ path: { id } });
const restored = await api.restoreTask({ path: { id } });
const batch = await api.batchTasks({
  body: {
    operations: [
      { op: 'create', task: { title: 'Buy eggs' } },
      { op: 'update', id, patch: { completed: false } },
      { op: 'delete', id: other.data?.id ?? '' },
    ],
  },
});
const signedOut = await api.signOut();
const after = await api.getToken();

process.stdout.write(
  JSON.stringify({
    signUp: signUp.data?.user.email,
    create: [created.response?.status, title, version, etag],
    pages: [...titles, second.data?.nextCursor],
    patch: [patched.data?.description, patched.data?.due, patched.data?.version],
    stale: [stale.response?.status, stale.error?.code],
    complete: [completed.data?.completed, typeof completed.data?.completedAt],
    delete: deleted.response?.status,
    restore: restored.data?.title,
    batch: batch.data?.results.map((result) => [result.status, result.task?.title ?? null]),
    signOut: signedOut.data?.success,
    tokenAfterSignOut: after.response?.status,
  }),
);
