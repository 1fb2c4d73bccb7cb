import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Container, Stack } from './stack.ts';

/** Starts that must fail, and what the log has to say; `url` replaces the database's. */
interface Refusal {
  readonly name: string;
  readonly env?: Record<string, string>;
  readonly url?: string;
  readonly message: RegExp;
}

const REFUSALS: readonly Refusal[] = [
  {
    name: 'no BETTER_AUTH_SECRET',
    env: { BETTER_AUTH_SECRET: '', RESTART: '' },
    message: /BETTER_AUTH_SECRET is required/,
  },
  {
    name: 'a placeholder as BETTER_AUTH_SECRET',
    env: { BETTER_AUTH_SECRET: 'change-me-change-me-change-me-change-me' },
    message: /BETTER_AUTH_SECRET is a placeholder/,
  },
  {
    name: 'a DATABASE_URL of another kind',
    url: 'mysql://a@b/c',
    message: /DATABASE_URL must look/,
  },
  {
    name: 'a wrong password in DATABASE_URL',
    url: 'postgres://taskward:wrong@postgres:5432/taskward?sslmode=disable',
    message: /DATABASE_URL: .*password authentication failed/,
  },
  {
    name: 'a database that is out of reach',
    url: 'postgres://taskward:wrong@postgres:5433/taskward?sslmode=disable',
    message: /DATABASE_URL: .*ECONNREFUSED/,
  },
];
/** Restarts that `services.yaml` allows, and lines of a message. */
const RESTARTS = 3;
const LINES = 2;
const TIMEOUT_MS = 90_000;
/** Longer than the engine waits between two of these restarts. */
const STEADY = 2_000;

async function stopped(stack: Stack): Promise<Container> {
  const deadline = Date.now() + TIMEOUT_MS;
  let since = 0;
  while (Date.now() < deadline) {
    await delay(200);
    const container = await stack.inspect('api');
    if (container.State.Status !== 'exited') since = 0;
    else if (since === 0) since = Date.now();
    else if (Date.now() - since > STEADY) return container;
  }
  throw new Error('it is restarted without an end');
}

async function expectRefusal(stack: Stack, { env = {}, url, message }: Refusal): Promise<void> {
  const secret = randomBytes(32).toString('base64');
  // One run is enough for the message; the first one also waits until the restarts end.
  const usual = { POSTGRES_PASSWORD: 'unused', BETTER_AUTH_SECRET: secret, RESTART: 'no' };
  stack.setEnv({ ...usual, ...env });
  const override = join(stack.directory, 'override.yaml');
  const environment = url === undefined ? {} : { environment: { DATABASE_URL: url } };
  writeFileSync(override, JSON.stringify({ services: { api: environment } }));
  const up = ['up', '--detach', '--no-build', '--no-deps', '--force-recreate', 'api'];
  await stack.compose('--file', 'override.yaml', ...up);
  const { State, RestartCount } = await stopped(stack);
  const log = await stack.compose('logs', '--no-log-prefix', '--no-color', 'api');
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const wrong = [
    ...(message.test(log) ? [] : [`the log does not say ${String(message)}`]),
    ...(lines.length <= LINES * (RestartCount + 1) ? [] : ['it prints more than its message']),
    ...(State.ExitCode !== 0 ? [] : ['it ended with 0']),
    ...(RestartCount <= RESTARTS ? [] : [`it was restarted ${RestartCount} times`]),
  ];
  if (wrong.length > 0) throw new Error(`${wrong.join('; ')}:\n${log}`);
}

/** Throws unless each wrong configuration ends the container with its reason. */
export async function verifyRefusals(stack: Stack): Promise<string> {
  for (const refusal of REFUSALS) {
    await expectRefusal(stack, refusal).catch((cause: unknown) => {
      throw new Error(`${refusal.name}: ${cause instanceof Error ? cause.message : ''}`);
    });
  }
  stack.setEnv({});
  const { code, output } = await stack.tryCompose('up', '--detach');
  if (code === 0 || !output.includes('POSTGRES_PASSWORD')) {
    throw new Error(`without POSTGRES_PASSWORD: ${output}`);
  }
  return [...REFUSALS.map(({ name }) => name), 'no POSTGRES_PASSWORD'].join(', ');
}
