import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { isPinned, problemsOfDockerfile, stagesOf } from './dockerfile.ts';

/** What a user may set in `.env` for Compose alone. */
const COMPOSE_VARIABLES = new Set(['POSTGRES_PASSWORD', 'PUBLISH', 'RESTART']);
const POSTGRES_VARIABLE = /^POSTGRES_(USER|PASSWORD|DB)$/;
/** Of the embedded PostgreSQL and the development secret: there is neither in a container. */
const NOT_PASSED_ON = new Set(['DATA_DIR']);

interface Service {
  readonly image?: string;
  readonly build?: {
    readonly context: string;
    readonly dockerfile: string;
    readonly target: string;
  };
  readonly environment?: Record<string, unknown>;
  readonly depends_on?: Record<string, { readonly condition: string }>;
  readonly healthcheck?: unknown;
  readonly volumes?: readonly string[];
}

interface ComposeFile {
  readonly include?: readonly { readonly path: string; readonly project_directory: string }[];
  readonly services?: Record<string, Service>;
  readonly volumes?: Record<string, unknown>;
}

type Services = Readonly<Record<string, Service>>;

function problemsOfBuild(service: Service, base: string, names: ReadonlySet<string>): string[] {
  const { image, build } = service;
  if (build === undefined) return isPinned(image ?? '') ? [] : [`image ${image ?? ''}: not pinned`];
  const context = join(base, build.context);
  if (!existsSync(context)) return [`build.context ${build.context}: no such directory`];
  const dockerfile = join(context, build.dockerfile);
  if (!existsSync(dockerfile)) return [`build.dockerfile ${build.dockerfile}: no such file`];
  const hasTarget = stagesOf(dockerfile).includes(build.target);
  return [
    ...problemsOfDockerfile(dockerfile, context, names),
    ...(hasTarget ? [] : [`build.target ${build.target}: no such stage`]),
  ];
}

function problemsOfEnvironment(service: Service, names: ReadonlySet<string>): string[] {
  const isKnown = (name: string) =>
    service.build === undefined ? POSTGRES_VARIABLE.test(name) : names.has(name);
  return Object.keys(service.environment ?? {})
    .filter((name) => !isKnown(name))
    .map((name) => `environment ${name}: nothing reads it`);
}

function problemsOfReferences(service: Service, services: Services): string[] {
  return Object.entries(service.depends_on ?? {}).flatMap(([name, { condition }]) => {
    const other = services[name];
    if (other === undefined) return [`depends_on ${name}: no such service`];
    return condition === 'service_healthy' && other.healthcheck === undefined
      ? [`depends_on ${name}: it has no healthcheck`]
      : [];
  });
}

function problemsOfVolumes(service: Service, file: ComposeFile, base: string): string[] {
  return (service.volumes ?? []).flatMap((volume) => {
    const [source = ''] = volume.split(':');
    const exists = /^[./]/.test(source)
      ? existsSync(join(base, source))
      : file.volumes !== undefined && source in file.volumes;
    return exists ? [] : [`volume ${source}: not there`];
  });
}

/** Every `${NAME}` that Compose is to fill in. */
function problemsOfInterpolation(file: ComposeFile, names: ReadonlySet<string>): string[] {
  const references = JSON.stringify(file).matchAll(/(?<!\$)\$\{?(\w+)/g);
  return [...new Set([...references].map(([, name = '']) => name))]
    .filter((name) => !names.has(name) && !COMPOSE_VARIABLES.has(name))
    .map((name) => `\${${name}}: neither src/config/env.ts nor the documentation knows it`);
}

/** The user of `services.yaml` sets any variable of Taskward in `.env`. */
function problemsOfApi({ environment = {} }: Service, names: ReadonlySet<string>): string[] {
  return [...names]
    .filter((name) => !(name in environment) && !NOT_PASSED_ON.has(name))
    .map((name) => `services.api.environment does not pass ${name} on`);
}

/** What is wrong with a compose file, its Dockerfile, and the files that it includes. */
export function problemsOfComposeFile(
  path: string,
  names: ReadonlySet<string>,
  base = dirname(path),
): string[] {
  const file = parse(readFileSync(path, 'utf8')) as ComposeFile;
  const services = file.services ?? {};
  const problems = Object.entries(services).flatMap(([name, service]) =>
    [
      ...problemsOfBuild(service, base, names),
      ...problemsOfEnvironment(service, names),
      ...problemsOfReferences(service, services),
      ...problemsOfVolumes(service, file, base),
    ].map((problem) => `services.${name}: ${problem}`),
  );
  const included = (file.include ?? []).flatMap((part) => {
    const target = join(dirname(path), part.path);
    return existsSync(target)
      ? problemsOfComposeFile(target, names, join(dirname(path), part.project_directory))
      : [`include ${part.path}: no such file`];
  });
  const api = services['api'] ? problemsOfApi(services['api'], names) : [];
  return [...problems, ...api, ...problemsOfInterpolation(file, names), ...included];
}
