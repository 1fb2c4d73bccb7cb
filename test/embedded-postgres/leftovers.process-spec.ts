import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres.js';
import {
  killApp,
  postmaster,
  query,
  startApp,
  stopServerAtEnd,
  temporaryDirectory,
  useDataDir,
  useInstalledApp,
} from '../support/embedded-postgres.js';
import { until } from '../support/until.js';

const installed = useInstalledApp();
const used = useDataDir();

describe('an app that ended without stopping its PostgreSQL', () => {
  it('is followed by a start that has its data, after SIGKILL', async () => {
    const dataDir = used.path;
    const app = startApp(installed.program, [dataDir]);
    const { url = '' } = await app.started;
    await query(url, 'create table kept as select 42 as value');
    const pid = await postmaster(dataDir);
    stopServerAtEnd(dataDir);
    await killApp(app);
    expect(process.kill(pid, 0)).toBe(true);

    const next = await startApp(installed.program, [dataDir]).started;
    expect(await query(next.url ?? '', 'select value from kept')).toEqual([{ value: 42 }]);
    expect(await postmaster(dataDir)).not.toBe(pid);
  });

  it('takes the server with it when it calls process.exit', async () => {
    const dataDir = used.path;
    const app = startApp(installed.program, [dataDir]);
    const { url = '' } = await app.started;
    app.child.send('exit');
    await once(app.child, 'exit');
    await until(async () => !(await readdir(join(dataDir, 'postgres'))).includes('postmaster.pid'));
    await expect(query(url, 'select 1')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('leaves no half a cluster when it is killed while that is made', async () => {
    const dataDir = await temporaryDirectory();
    const app = startApp(installed.program, [dataDir]);
    await until(async () => {
      const workshop =
        (await readdir(dataDir)).find((name) => name.startsWith('postgres.init-')) ?? '';
      return (await readdir(join(dataDir, workshop, 'cluster'))).includes('base');
    });
    await killApp(app);
    expect(await readdir(dataDir)).not.toContain('postgres');

    const { url = '' } = await startApp(installed.program, [dataDir]).started;
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await readdir(dataDir)).sort()).toEqual([
      'postgres',
      'postgres.password',
      'taskward.lock',
      'taskward.pid',
    ]);
  });

  it.each([
    { name: 'is gone', pidOf: (): number => 2 ** 22 - 1 },
    { name: 'is now an unrelated process', pidOf: (bystander: number): number => bystander },
  ])('is no hindrance when the pid it left $name', async ({ pidOf }) => {
    const dataDir = used.path;
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      stdio: 'ignore',
    });
    try {
      const pid = pidOf(bystander.pid ?? 0);
      await writeFile(join(dataDir, 'taskward.pid'), `${pid}\n`);
      const cluster = join(dataDir, 'postgres');
      await writeFile(
        join(cluster, 'postmaster.pid'),
        `${pid}\n${cluster}\n1700000000\n5432\n\n127.0.0.1\n\nready\n`,
      );
      await writeFile(
        join(cluster, '.s.PGSQL.5432.lock'),
        `${pid}\n${cluster}\n1700000000\n5432\n.\n`,
      );
      const postgres = await startEmbeddedPostgres({ dataDir });
      await postgres.stop();
      expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
    } finally {
      bystander.kill('SIGKILL');
    }
  });
});
