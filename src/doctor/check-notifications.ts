import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { withTimeout } from '../common/index.js';
import type { DatabaseLimits } from '../config/index.js';
import { withLimitedClient } from './connect.js';
import { error, type Finding, ok } from './finding.js';

const DELIVERY_TIMEOUT_MS = 5_000;

/** Checks that a notification (LISTEN) arrives: a pooler in transaction mode delivers none. */
export async function checkNotifications(
  client: Client,
  url: string,
  limits: DatabaseLimits,
): Promise<Finding> {
  const channel = `taskward_doctor_${randomUUID()}`;
  const delivered = Promise.withResolvers<boolean>();
  client.on('notification', (notification) => {
    if (notification.channel === channel) delivered.resolve(true);
  });
  await client.query(`listen "${channel}"`);
  await withLimitedClient(url, limits, (other) => other.query(`notify "${channel}"`));
  const isDelivered = await withTimeout(delivered.promise, DELIVERY_TIMEOUT_MS, () => {
    delivered.resolve(false);
  });
  await client.query(`unlisten "${channel}"`);
  if (isDelivered) return ok('notifications', 'Notifications (LISTEN) arrive.');
  return error(
    'notifications',
    'Notifications (LISTEN) do not arrive: DATABASE_URL leads through a pooler in transaction mode.',
    'Set DATABASE_URL to the address of PostgreSQL itself; DATABASE_API_URL and DATABASE_IDENTITY_URL may name the pooler.',
  );
}
