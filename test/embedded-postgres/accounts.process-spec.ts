import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chown, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  installApp,
  killApp,
  postmaster,
  query,
  startApp,
  stopServerAtEnd,
  temporaryDirectory,
  useInstalledApp,
} from '../support/embedded-postgres.js';

/** Only root can start processes of several accounts; for anyone else those tests do not exist. */
const isRoot = process.geteuid?.() === 0;

const installed = useInstalledApp();

describe('the account of the embedded PostgreSQL', () => {
  it('is the one that starts it, or an unprivileged one when that is root', async () => {
    const dataDir = await temporaryDirectory();
    const { url = '' } = await startApp(installed.program, [dataDir]).started;
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    const { uid } = await stat(join(dataDir, 'postgres'));
    expect(uid === process.geteuid?.()).toBe(!isRoot);
  });
});

if (isRoot) {
  describe('the account of the embedded PostgreSQL, for root,', () => {
    const [uid = NaN, gid = NaN] = ['-u', '-g'].map((flag) =>
      Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' })),
    );

    it('need not be able to reach the app or DATA_DIR', async () => {
      const dataDir = join(await temporaryDirectory(0o700), 'data');
      const app = startApp(installed.program, [dataDir]);
      const { url = '', error } = await app.started;
      expect(error).toBeUndefined();
      await query(url, 'create table kept as select 42 as value');
      const owner = (await stat(join(dataDir, 'postgres'))).uid;
      const status = await readFile(`/proc/${await postmaster(dataDir)}/status`, 'utf8');
      expect(status).toContain(`Uid:\t${owner}\t${owner}\t${owner}\t${owner}\n`);
      expect(status).toMatch(/^Groups:\s*$/m);

      stopServerAtEnd(dataDir);
      await killApp(app);
      const next = await startApp(installed.program, [dataDir]).started;
      expect(await query(next.url ?? '', 'select value from kept')).toEqual([{ value: 42 }]);
    });

    it('runs copies of the programs that only root can change', async () => {
      const dataDir = await temporaryDirectory();
      await startApp(installed.program, [dataDir]).started;
      const command = await readFile(`/proc/${await postmaster(dataDir)}/cmdline`, 'utf8');
      const [server = ''] = command.split('\0');
      expect(server.startsWith(installed.home)).toBe(false);
      for (let path = server; path !== '/'; path = dirname(path)) {
        const status = await stat(path);
        const sticky = (status.mode & 0o1000) !== 0;
        expect([path, status.uid]).toEqual([path, 0]);
        expect([path, sticky || (status.mode & 0o022) === 0]).toEqual([path, true]);
      }
    });

    it('is the ordinary user who starts it, whose database root then refuses', async () => {
      const [place, dataDir] = [await temporaryDirectory(), await temporaryDirectory()];
      await chown(dataDir, uid, gid);
      const app = startApp(await installApp(place), [dataDir, String(uid), String(gid)]);
      const { url = '', error } = await app.started;
      expect(error).toBeUndefined();
      expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
      expect((await stat(join(dataDir, 'postgres'))).uid).toBe(uid);
      await app.stop();

      const refused = await startApp(installed.program, [dataDir]).started;
      expect(refused.error?.name).toBe('EmbeddedPostgresError');
      expect(refused.error?.message).toContain(
        `belongs to uid ${uid}, and Taskward was started as root`,
      );
    });

    it("closes root's DATA_DIR to an ordinary user, who is told so", async () => {
      const dataDir = await temporaryDirectory();
      const app = startApp(installed.program, [dataDir]);
      await app.started;
      await app.stop();

      const { error } = await startApp(installed.program, [dataDir, String(uid), String(gid)])
        .started;
      expect(error?.name).toBe('EmbeddedPostgresError');
      expect(error?.message).toContain(`it belongs to uid 0, Taskward runs as uid ${uid}`);
    });
  });
}
