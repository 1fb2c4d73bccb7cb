import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

/**
 * The version that counts as the previous one while there is no tag: the last before metrics and traces. It
 * must start on the current schema: with a migration that is not compatible, tag a release.
 */
const BEFORE_TAGS = '43ac8c4c5564f53918b5f3c17ab186f878e0e739';

interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly dev?: boolean }>
  >;
}

const git = async (...args: string[]) =>
  (await exec('git', args, { cwd: ROOT, maxBuffer: 2 ** 28 })).stdout.trim();

/** Returns the commit of the last release before this one. */
async function previousCommit(): Promise<string> {
  const tag = await git('describe', '--tags', '--abbrev=0', '--match=v*', 'HEAD^').catch(() => '');
  const commit = tag === '' ? BEFORE_TAGS : await git('rev-list', '-1', tag);
  await git('cat-file', '-e', `${commit}^{commit}`).catch(() => {
    throw new Error(
      `The previous version, ${commit}, is not in this clone. A shallow one gets it by: git fetch --unshallow --tags`,
    );
  });
  return commit;
}

/** Whether each package of a version is also installed here, in the same version. */
async function areInstalled(folder: string): Promise<boolean> {
  const read = async (path: string) =>
    (JSON.parse(await readFile(join(path, 'package-lock.json'), 'utf8')) as Lockfile).packages;
  const [previous, current] = [await read(folder), await read(ROOT)];
  return Object.entries(previous).every(
    ([path, { version }]) =>
      !path.startsWith('node_modules/') || current[path]?.version === version,
  );
}

/**
 * Builds the previous version from the history, once, with its own packages or, if they are the same,
 * with those of this version.
 *
 * @returns its `dist`.
 */
export async function buildPrevious(): Promise<string> {
  const commit = await previousCommit();
  const folder = join(ROOT, 'node_modules/.cache/previous', commit);
  if (existsSync(folder)) return join(folder, 'dist');
  const unfinished = `${folder}.${String(process.pid)}`;
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(unfinished);
  try {
    const archive = join(unfinished, 'archive.tar');
    await git('archive', `--output=${archive}`, commit);
    await exec('tar', ['-xf', archive, '-C', unfinished]);
    await rm(archive);
    const npm = (...args: string[]) =>
      exec('npm', args, {
        cwd: unfinished,
        env: { ...process.env, HUSKY: '0' },
        maxBuffer: 2 ** 26,
      });
    if (!(await areInstalled(unfinished))) await npm('ci', '--no-audit', '--no-fund');
    await npm('run', 'build');
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  return join(folder, 'dist');
}
