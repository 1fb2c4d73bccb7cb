import { defineEntity, p } from '@mikro-orm/core';
import { UsageRepository } from './usage.repository.js';

/**
 * A part of what a user keeps: the slots of an owner add up. Each has its own share of the quotas, as
 * `task_limit` and `byte_limit` beside the quotas that were shared out.
 */
const UsageSchema = defineEntity({
  name: 'Usage',
  tableName: 'usage',
  repository: () => UsageRepository,
  properties: {
    ownerId: p.string().length(255).primary(),
    slot: p.smallint().primary(),
    tasks: p.integer(),
    bytes: p.bigint('number'),
    responses: p.integer(),
    responseBytes: p.bigint('number'),
    taskLimit: p.bigint('number'),
    byteLimit: p.bigint('number'),
    taskQuota: p.bigint('number').nullable(),
    byteQuota: p.bigint('number').nullable(),
  },
});

export class Usage extends UsageSchema.class {}
UsageSchema.setClass(Usage);
