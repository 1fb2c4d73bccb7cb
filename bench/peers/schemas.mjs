/** Schemas of the bare service's requests and responses: the limits of our own API. */

const PRIORITIES = ['none', 'low', 'medium', 'high'];

const text = (maxLength) => ({ type: 'string', maxLength, pattern: '^[^\\u0000]*$' });
const nullable = (schema) => ({ ...schema, nullable: true });

const fields = {
  title: { ...text(255), minLength: 1, pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$' },
  description: nullable(text(10_000)),
  completed: { type: 'boolean' },
  priority: { enum: PRIORITIES },
  due: nullable({
    type: 'string',
    anyOf: [{ format: 'date' }, { format: 'date-time' }],
  }),
  tags: {
    type: 'array',
    maxItems: 20,
    uniqueItems: true,
    items: { ...text(50), minLength: 1 },
  },
};

const shown = {
  id: { type: 'string' },
  title: { type: 'string' },
  description: nullable({ type: 'string' }),
  completed: { type: 'boolean' },
  completedAt: nullable({ type: 'string' }),
  priority: { type: 'string' },
  due: nullable({ type: 'string' }),
  tags: { type: 'array', items: { type: 'string' } },
  listId: nullable({ type: 'string' }),
  parentId: nullable({ type: 'string' }),
  recurrence: nullable({ type: 'object', additionalProperties: true }),
  seriesId: nullable({ type: 'string' }),
  position: { type: 'string' },
  createdAt: { type: 'string' },
  updatedAt: { type: 'string' },
  version: { type: 'integer' },
};
const task = { type: 'object', properties: shown };
const page = {
  type: 'object',
  properties: {
    data: { type: 'array', items: task },
    nextCursor: nullable({ type: 'string' }),
  },
};
const me = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    email: { type: 'string' },
    name: { type: 'string' },
    issuer: { type: 'string' },
    tokenExpiresAt: { type: 'string' },
  },
};

const params = { type: 'object', properties: { id: { type: 'string', format: 'uuid' } } };
const noQuery = { type: 'object', additionalProperties: false };
const listQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    tags: { type: 'string', minLength: 1, maxLength: 1_100 },
    q: text(200),
    completed: { type: 'boolean' },
    cursor: { type: 'string', minLength: 1, maxLength: 200 },
  },
};
const create = {
  type: 'object',
  additionalProperties: false,
  required: ['title'],
  properties: fields,
};
const patch = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...fields,
    completed: nullable(fields.completed),
    priority: { enum: [...PRIORITIES, null] },
    tags: nullable(fields.tags),
  },
};

/** One schema a route. */
export const SCHEMAS = {
  me: { querystring: noQuery, response: { 200: me } },
  list: { querystring: listQuery, response: { 200: page } },
  get: { params, querystring: noQuery, response: { 200: task } },
  create: { querystring: noQuery, body: create, response: { 201: task } },
  patch: { params, querystring: noQuery, body: patch, response: { 200: task } },
};
