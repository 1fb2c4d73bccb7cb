import { readFileSync } from 'node:fs';
import { type AnySchema, Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** A request and its response, as sent over the wire. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  /** Parsed if it is JSON, and a string otherwise; an empty string is no body. */
  readonly body: unknown;
}

interface Reference {
  readonly $ref?: string;
}

interface Header extends Reference {
  readonly required?: boolean;
}

interface MediaType {
  readonly schema?: AnySchema;
  readonly examples?: Record<string, unknown>;
}

interface Response extends Reference {
  readonly headers?: Record<string, Header>;
  readonly content?: Record<string, MediaType>;
}

interface Operation {
  readonly responses: Record<string, Response>;
}

/** The part of an OpenAPI document that responses are compared with. */
interface OpenApiDocument {
  readonly paths: Record<string, Record<string, Operation>>;
}

const PROBLEM = 'application/problem+json';

/** Better Auth's own routes have statuses that the document leaves out. */
const isForeign = (path: string) => path.startsWith('/api/auth/');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns a copy in which objects allow no undescribed members, which would be leaks. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, of]) => [key, closed(of)]));
  return isObject(value['properties']) && value['type'] === 'object'
    ? { additionalProperties: false, ...copy }
    : copy;
}

/** Returns a JSON pointer (RFC 6901) as a URL fragment. */
const fragment = (...keys: string[]) =>
  keys
    .map((key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('');

/** Compares responses with an OpenAPI document. */
class Contract {
  readonly #document: OpenApiDocument;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #validators = new Map<string, ValidateFunction>();
  /** Paths with the fewest parameters first: a fixed path takes precedence over a template. */
  readonly #paths: readonly [path: string, pattern: RegExp][];

  constructor(document: OpenApiDocument) {
    this.#document = document;
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(closed(document) as object, 'api');
    this.#paths = Object.keys(document.paths)
      .sort((a, b) => a.split('{').length - b.split('{').length)
      .map((path) => [path, new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)]);
  }

  /**
   * Ignores paths and methods that the document does not contain.
   *
   * @throws Error that names the operation, the status and the differences.
   */
  verify(exchange: Exchange): void {
    const { pathname } = new URL(exchange.url);
    const path = this.#paths.find(([, pattern]) => pattern.test(pathname))?.[0] ?? '';
    // HEAD is a GET without a body.
    const method = exchange.method === 'HEAD' ? 'get' : exchange.method.toLowerCase();
    const response = this.#document.paths[path]?.[method]?.responses[exchange.status];
    if (response === undefined) {
      if (this.#document.paths[path]?.[method] === undefined || isForeign(path)) return;
      fail(exchange, path, 'the status is not described');
    }
    const keys = ['paths', path, method, 'responses', String(exchange.status)];
    const [where, described] = this.#resolve(keys, response);
    const complaint =
      this.#complaintAboutHeaders(described, exchange) ??
      this.#complaintAboutBody(where, described, exchange);
    if (complaint !== undefined) fail(exchange, path, complaint);
  }

  #complaintAboutHeaders({ headers = {} }: Response, exchange: Exchange): string | undefined {
    const missing = Object.entries(headers).find(
      ([name, header]) =>
        this.#resolve([], header)[1].required === true && !exchange.headers.has(name),
    );
    return missing && `the header ${missing[0]} is missing`;
  }

  #complaintAboutBody(
    where: string[],
    { content }: Response,
    { method, headers, body }: Exchange,
  ): string | undefined {
    const type = headers.get('content-type')?.split(';')[0];
    if (content === undefined) return body === '' ? undefined : 'a body is not described';
    const media = type === undefined ? undefined : content[type];
    if (type === undefined || media === undefined) {
      return `the media type ${type ?? '(none)'} is not described`;
    }
    if (method === 'HEAD') return body === '' ? undefined : 'HEAD has no body';
    const validate = this.#validator([...where, 'content', type, 'schema']);
    if (!validate(body)) return this.#ajv.errorsText(validate.errors, { dataVar: 'body' });
    if (type !== PROBLEM || media.examples === undefined) return undefined;
    // Every code has an example: clients switch on it.
    const { code } = body as { code: string };
    return code in media.examples ? undefined : `the code ${code} is not described`;
  }

  #validator(keys: string[]): ValidateFunction {
    const ref = `api#${fragment(...keys)}`;
    const validate = this.#validators.get(ref) ?? this.#ajv.compile({ $ref: ref });
    this.#validators.set(ref, validate);
    return validate;
  }

  /** Follows a `$ref`; returns the target and its location. */
  #resolve<T extends Reference>(keys: string[], value: T): [keys: string[], value: T] {
    if (value.$ref === undefined) return [keys, value];
    const target = value.$ref.slice('#/'.length).split('/');
    const found = target.reduce<unknown>((at, key) => isObject(at) && at[key], this.#document);
    return [target, found as T];
  }
}

function fail({ method, status }: Exchange, path: string, complaint: string): never {
  throw new Error(
    `openapi.json and the answer ${status} of ${method} ${path} differ: ${complaint}. ` +
      'Where the document is to change: npm run openapi.',
  );
}

/** The committed document; `npm run check:openapi` compares it with the code. */
export const contract = new Contract(
  JSON.parse(
    readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'),
  ) as OpenApiDocument,
);
