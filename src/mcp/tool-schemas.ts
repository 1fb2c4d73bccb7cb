import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from '../openapi/index.js';
import type { Tool } from './tool.js';

type JsonObject = Readonly<Record<string, unknown>>;
type Schema = JsonObject;
/** An object's schema, as MCP requires it of arguments and results. */
type ObjectSchema = Schema & { readonly type: 'object'; readonly properties: JsonSchemas };
type JsonSchemas = Readonly<Record<string, Schema>>;

/** The part of a request that an argument stands for. */
export type Place = 'path' | 'query' | 'body' | 'ifMatch' | 'idempotencyKey';

/** The schemas of a tool, and where each of its arguments belongs. */
export interface ToolSchemas {
  readonly input: ObjectSchema;
  readonly output: ObjectSchema;
  readonly places: ReadonlyMap<string, Place>;
}

/** Headers of an operation that are arguments of its tool. */
const HEADERS: Readonly<Record<string, { place: Place; schema: Schema }>> = {
  'If-Match': {
    place: 'ifMatch',
    schema: {
      type: 'string',
      description:
        'The version that was read, in quotes: "3" with the quotes for version 3. The call fails with precondition_failed if it has changed since.',
    },
  },
  'Idempotency-Key': {
    place: 'idempotencyKey',
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description:
        'A new random string for each intent. For 24 hours, the same key with the same arguments returns the first result, and nothing is done twice.',
    },
  },
};

/** The result of an operation that responds without a body. */
const DELETED: ObjectSchema = {
  type: 'object',
  properties: {
    id: { type: 'string', format: 'uuid' },
    permanent: { type: 'boolean', description: 'False: it is in the trash.' },
  },
  required: ['id', 'permanent'],
};

/**
 * Members that clients need not know: patterns are long, and some models' providers reject those that
 * they cannot compile. The rules check everything anyway.
 */
const LEFT_OUT = ['example', 'examples', 'pattern'];

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

/** The parts of an OpenAPI operation that describe a tool. */
interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

/** Derives the schemas of tools from the document: there is no second set of rules. */
export class ToolSchemaFactory {
  readonly #schemas: JsonSchemas;
  readonly #operations: ReadonlyMap<string | undefined, Operation>;

  constructor(document: OpenAPIObject) {
    this.#schemas = (document.components?.schemas ?? {}) as JsonSchemas;
    const operations = operationsOf(document) as unknown as [string, Operation, string][];
    this.#operations = new Map(operations.map(([, one]) => [one.operationId, one]));
  }

  create(tool: Tool): ToolSchemas {
    const operation = this.#operations.get(tool.operationId);
    if (operation === undefined) throw new Error(`There is no operation ${tool.operationId}.`);
    const properties: Record<string, Schema> = {};
    const required = new Set<string>(tool.required);
    const places = new Map<string, Place>();
    const add = (name: string, place: Place, schema: Schema, isRequired = false): void => {
      const isOptional = Object.hasOwn(tool.defaults, name);
      properties[name] = isOptional ? { ...schema, default: tool.defaults[name] } : schema;
      places.set(name, place);
      if (isRequired && !isOptional) required.add(name);
    };
    for (const one of operation.parameters ?? []) {
      if (tool.without.includes(one.name)) continue;
      const header = one.in === 'header' ? HEADERS[one.name] : undefined;
      if (header !== undefined) add(header.place, header.place, header.schema);
      if (one.in !== 'path' && one.in !== 'query') continue;
      const { description, schema } = one;
      add(one.name, one.in, this.#inline({ ...schema, description }), one.required);
    }
    const body = this.#object(operation.requestBody?.content);
    for (const [name, schema] of Object.entries(body?.properties ?? {})) {
      add(name, 'body', schema, (body?.['required'] as string[] | undefined)?.includes(name));
    }
    return {
      input: {
        type: 'object',
        properties,
        ...(required.size > 0 && { required: [...required] }),
        additionalProperties: false,
      },
      output: this.#outputOf(operation),
      places,
    };
  }

  #outputOf({ responses }: Operation): ObjectSchema {
    const content = (responses['200'] ?? responses['201'])?.content;
    return this.#object(content) ?? DELETED;
  }

  #object(content: Content | undefined): ObjectSchema | undefined {
    const schema = content?.['application/json']?.schema;
    return schema && (this.#inline(schema) as ObjectSchema);
  }

  /** Replaces references, which not every client resolves. No schema contains itself. */
  #inline(schema: Schema): Schema {
    const { $ref, ...rest } = schema;
    if (typeof $ref === 'string') {
      const target = this.#schemas[$ref.slice('#/components/schemas/'.length)];
      if (target === undefined) throw new Error(`There is no schema ${$ref}.`);
      return this.#inline({ ...target, ...rest });
    }
    const entries = Object.entries(schema).filter(
      ([name, value]) => value !== undefined && !LEFT_OUT.includes(name),
    );
    return Object.fromEntries(entries.map(([name, value]) => [name, this.#inlineIn(name, value)]));
  }

  #inlineIn(name: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one: unknown) => this.#inlineIn('', one));
    if (typeof value !== 'object' || value === null) return value;
    // The names of properties are not keywords.
    if (name !== 'properties') return this.#inline(value as Schema);
    return Object.fromEntries(
      Object.entries(value as JsonSchemas).map(([property, one]) => [property, this.#inline(one)]),
    );
  }
}
