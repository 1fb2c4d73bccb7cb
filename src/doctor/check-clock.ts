import type { Client } from 'pg';
import { error, type Finding, ok, warning } from './finding.js';

/** Tolerance for tokens is 30 seconds: with more, valid ones are refused. */
const MAX_SECONDS = 30;
const WARN_SECONDS = 5;
const SAMPLES = 3;

const REMEDY = 'Synchronize both clocks: timedatectl set-ntp true';

interface Sample {
  /** Seconds by which the database's clock is ahead of ours. */
  readonly ahead: number;
  /** Longest error of `ahead`, in seconds. */
  readonly uncertainty: number;
}

async function sample(client: Client): Promise<Sample> {
  const [sentAt, started] = [Date.now(), performance.now()];
  const { rows } = await client.query<{ now: number }>(
    'select extract(epoch from clock_timestamp())::float8 as now',
  );
  const uncertainty = (performance.now() - started) / 2000;
  return { ahead: (rows[0]?.now ?? 0) - sentAt / 1000 - uncertainty, uncertainty };
}

/** Compares this machine's clock with the database's, as exactly as the connection allows. */
export async function checkClock(client: Client): Promise<Finding> {
  let best = await sample(client);
  for (let count = 1; count < SAMPLES; count += 1) {
    const next = await sample(client);
    if (next.uncertainty < best.uncertainty) best = next;
  }
  const { ahead, uncertainty } = best;
  const atLeast = Math.abs(ahead) - uncertainty;
  const seconds = `${Math.abs(ahead).toFixed(1)} s`;
  const text = `This machine's clock is ${seconds} ${ahead < 0 ? 'ahead of' : 'behind'} the database's.`;
  if (atLeast > MAX_SECONDS)
    return error('clock', `${text} More than ${String(MAX_SECONDS)} s invalidate tokens.`, REMEDY);
  if (atLeast > WARN_SECONDS) return warning('clock', text, REMEDY);
  return ok('clock', `This machine's clock and the database's differ by ${seconds}.`);
}
