import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { type Copy, DockerfileParser, type From } from 'dockerfile-ast';

/** How much of a version has to be there before two builds get the same image. */
const FULL_VERSION: Record<string, RegExp> = { postgres: /^\d+\.\d+(-|$)/ };
const THREE_PARTS = /^\d+\.\d+\.\d+(-|$)/;
/** What `docker/Dockerfile` sets for npm and husky, besides Taskward's own variables. */
const BUILD_VARIABLES = new Set(['HUSKY', 'NPM_CONFIG_UPDATE_NOTIFIER']);

const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** Whether an image, such as `node:24.21.0-bookworm-slim`, names a version in full; a digest may follow. */
export function isPinned(image: string): boolean {
  const [name = '', tag = ''] = image.replace(DIGEST, '').split(':');
  return (FULL_VERSION[name] ?? THREE_PARTS).test(tag);
}

/** Whether `.dockerignore` keeps a path out of the build: the last pattern that matches decides. */
function isIgnored(context: string, path: string): boolean {
  const file = join(context, '.dockerignore');
  const patterns = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  let ignored = false;
  for (const pattern of patterns) {
    const bare = pattern.replace(/^!/, '');
    if (matchesGlob(path, bare) || matchesGlob(path, `${bare}/**`)) ignored = pattern === bare;
  }
  return ignored;
}

/** The stages of a Dockerfile, in order. */
export function stagesOf(file: string): string[] {
  const dockerfile = DockerfileParser.parse(readFileSync(file, 'utf8'));
  return dockerfile.getFROMs().map((from) => from.getBuildStage() ?? '');
}

function problemsOfCopy(copy: Copy, context: string, stages: readonly string[]): string[] {
  const from = copy.getFromFlag()?.getValue();
  if (from) {
    return stages.includes(from) || isPinned(from) ? [] : [`COPY --from=${from}: no such stage`];
  }
  const sources = copy.getArguments().slice(0, -1);
  return sources
    .map((source) => source.getValue())
    .flatMap((source) => {
      // The context itself is always there.
      if (source === '.') return [];
      const found = globSync(source.replace(/\/$/, ''), { cwd: context });
      if (found.length === 0) return [`COPY ${source}: no such file`];
      return found.every((path) => isIgnored(context, path))
        ? [`COPY ${source}: kept out by .dockerignore`]
        : [];
    });
}

function problemsOfFrom(from: From, stages: readonly string[]): string[] {
  const image = from.getImage() ?? '';
  return stages.includes(image) || isPinned(image) ? [] : [`FROM ${image}: not pinned`];
}

/** What is wrong with a Dockerfile that is built in `context`; `names`: Taskward's variables. */
export function problemsOfDockerfile(
  file: string,
  context: string,
  names: ReadonlySet<string>,
): string[] {
  const dockerfile = DockerfileParser.parse(readFileSync(file, 'utf8'));
  const stages: string[] = [];
  const problems: string[] = [];
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const from = instruction as From;
      problems.push(...problemsOfFrom(from, stages));
      stages.push(from.getBuildStage() ?? '');
    }
    if (instruction.getKeyword() === 'COPY') {
      problems.push(...problemsOfCopy(instruction as Copy, context, stages));
    }
  }
  for (const name of dockerfile.getENVs().flatMap((env) => env.getProperties())) {
    if (!names.has(name.getName()) && !BUILD_VARIABLES.has(name.getName())) {
      problems.push(`ENV ${name.getName()}: src/config/env.ts does not know it`);
    }
  }
  return problems;
}
