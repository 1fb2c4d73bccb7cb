import { defineEntity, p } from '@mikro-orm/core';
import { IdempotencyRepository } from './idempotency.repository.js';

/** The first response to an `Idempotency-Key`. */
const IdempotencyKeySchema = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  repository: () => IdempotencyRepository,
  properties: {
    ownerId: p.string().length(255).primary(),
    key: p.string().length(255).primary(),
    /** Digest of the request. */
    fingerprint: p.blob(),
    status: p.smallint(),
    headers: p.json<Readonly<Record<string, string | string[] | number>>>(),
    body: p.json(),
    createdAt: p.datetime(3).defaultRaw('now()'),
  },
});

export class IdempotencyKey extends IdempotencyKeySchema.class {}
IdempotencyKeySchema.setClass(IdempotencyKey);
