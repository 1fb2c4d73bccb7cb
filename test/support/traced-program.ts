import { randomBytes } from 'node:crypto';
import { createDatabase } from './database.js';
import { Program } from './program.js';

/** Starts the program so that it sends its spans to `endpoint` soon. */
export async function startTraced(
  endpoint: string,
  folder: string,
  variables: Record<string, string> = {},
): Promise<{ program: Program; url: string }> {
  const program = new Program(
    {
      DATABASE_URL: variables['DATABASE_URL'] ?? (await createDatabase()),
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      LOG_LEVEL: 'info',
      RATE_LIMIT: 'off',
      ...variables,
    },
    folder,
  );
  const url = (await program.ready()).replace('localhost', '127.0.0.1');
  return { program, url };
}

/** Returns the header of a caller that is part of a trace. */
export function newTrace({ isSampled = true } = {}) {
  const traceId = randomBytes(16).toString('hex');
  const parentId = randomBytes(8).toString('hex');
  const traceparent = `00-${traceId}-${parentId}-0${isSampled ? '1' : '0'}`;
  return { traceId, parentId, traceparent };
}

/** Returns the lines of the log that are requests. */
export const requestLines = ({ output }: Program) =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => msg === 'request');
