import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a Postman collection (format 2.1) of the API to the file that the argument names, created from
 * openapi.json. Bruno and Insomnia import it, too.
 */

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

interface Content {
  readonly schema: Schema;
  readonly example?: unknown;
  readonly examples?: Record<string, { readonly value?: unknown }>;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, Content> };
  readonly responses: Record<string, { readonly content?: Record<string, Content> }>;
}

interface Document {
  readonly info: { readonly title: string; readonly description: string };
  readonly servers: readonly [{ readonly url: string }];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

const document = JSON.parse(
  readFileSync(new URL('../openapi.json', import.meta.url), 'utf8'),
) as Document;

/** Runs before each request: fetches a token every minute, if the variable `email` names an account. */
const FETCH_TOKEN = `
const get = (name) => pm.variables.get(name);
const isFresh = Date.now() < Number(get('tokenFetchedAt')) + 60000;
const fetchToken = () => {
  pm.sendRequest(get('baseUrl') + '/api/auth/token', (error, response) => {
    if (error) throw error;
    pm.collectionVariables.set('token', response.json().token);
    pm.collectionVariables.set('tokenFetchedAt', Date.now());
  });
};
const isForApi = pm.request.url.getPath().startsWith('/api/v1/');
if (isForApi && get('email') && !isFresh) {
  const credentials = { email: get('email'), password: get('password') };
  pm.sendRequest({
    url: get('baseUrl') + '/api/auth/sign-in/email',
    method: 'POST',
    header: { 'Content-Type': 'application/json' },
    body: { mode: 'raw', raw: JSON.stringify(credentials) },
  }, (error, response) => {
    if (error) throw error;
    if (response.code !== 200) throw new Error('Sign-in: ' + response.text());
    fetchToken();
  });
}
`;

/** Runs after each response: checks the status, and keeps the id of a new resource for other requests. */
const testOf = (statuses: readonly string[], idVariable: string) => `
pm.test('the status is a documented one', () => {
  pm.expect(${JSON.stringify(statuses.map(Number))}).to.include(pm.response.code);
});
if (pm.response.code === 201) pm.collectionVariables.set('${idVariable}', pm.response.json().id);
`;

const script = (listen: 'prerequest' | 'test', text: string) => ({
  listen,
  script: { type: 'text/javascript', exec: text.trim().split('\n') },
});

/** Returns an example of a schema: its own, or one of its required parts. */
function exampleOf({ $ref, ...schema }: Schema): unknown {
  if ($ref !== undefined) {
    const name = $ref.slice('#/components/schemas/'.length);
    return exampleOf({ ...document.components.schemas[name], ...schema });
  }
  const [first = schema.enum?.[0]] = schema.examples ?? [];
  const own = schema.example ?? schema.default ?? first;
  if (own !== undefined) return own;
  const [part] = schema.allOf ?? schema.anyOf ?? schema.oneOf ?? [];
  if (part !== undefined) return exampleOf(part);
  if (schema.items !== undefined) return [exampleOf(schema.items)];
  const { properties = {}, required = [] } = schema;
  const entries = Object.entries(properties).filter(([name]) => required.includes(name));
  return Object.fromEntries(entries.map(([name, one]) => [name, exampleOf(one)]));
}

/** Returns the variable with the id of a resource: `tasksId` for a path below `/api/v1/tasks`. */
const idVariableOf = (path: string) => `${/^\/api\/v1\/(\w+)/.exec(path)?.[1] ?? ''}Id`;

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

const parametersIn = (place: Parameter['in'], { parameters = [] }: Operation) =>
  parameters
    .filter((one) => one.in === place)
    .map(({ name: key, required = false, description = '', schema }) => ({
      key,
      value: textOf(exampleOf(schema)),
      description,
      // Optional ones are there to be chosen.
      disabled: !required,
    }));

function bodyOf({ requestBody }: Operation) {
  const content = requestBody?.content['application/json'];
  if (content === undefined) return {};
  const example =
    content.example ?? Object.values(content.examples ?? {})[0]?.value ?? exampleOf(content.schema);
  return {
    body: {
      mode: 'raw',
      raw: JSON.stringify(example, null, 2),
      options: { raw: { language: 'json' } },
    },
  };
}

function itemOf(path: string, method: string, operation: Operation) {
  const variable = idVariableOf(path);
  const segments = path
    .slice(1)
    .replaceAll(/\{(\w+)\}/g, ':$1')
    .split('/');
  const hasBody = operation.requestBody?.content['application/json'] !== undefined;
  const json = hasBody ? [{ key: 'Content-Type', value: 'application/json' }] : [];
  return {
    name: operation.summary,
    event: [script('test', testOf(Object.keys(operation.responses), variable))],
    request: {
      method: method.toUpperCase(),
      description: operation.description ?? '',
      ...(operation.security?.length === 0 && { auth: { type: 'noauth' } }),
      url: {
        raw: `{{baseUrl}}/${segments.join('/')}`,
        host: ['{{baseUrl}}'],
        path: segments,
        query: parametersIn('query', operation),
        variable: parametersIn('path', operation).map(({ key, description, value }) => ({
          key,
          value: key === 'id' ? `{{${variable}}}` : value,
          description,
        })),
      },
      header: [...json, ...parametersIn('header', operation)],
      ...bodyOf(operation),
    },
  };
}

/** A runner waits for the end of each response, and a stream has none. */
const isStream = ({ responses }: Operation) =>
  responses['200']?.content?.['text/event-stream'] !== undefined;

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).flatMap(([method, operation]) =>
    isStream(operation) ? [] : [{ path, method, operation }],
  ),
);

/** Deletes come last, but for restores, so that a run of the whole folder finds what it needs. */
const rankOf = ({ path, method }: { readonly path: string; readonly method: string }) =>
  method === 'delete' ? 1 : path.endsWith('/restore') ? 2 : 0;

const foldersOf = () =>
  document.tags.map(({ name, description }) => ({
    name,
    description,
    item: operations
      .filter(({ operation }) => operation.tags?.includes(name))
      .sort((a, b) => rankOf(a) - rankOf(b))
      .map(({ path, method, operation }) => itemOf(path, method, operation)),
  }));

const collection = {
  info: {
    name: document.info.title,
    description: document.info.description,
    schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
  },
  auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
  event: [script('prerequest', FETCH_TOKEN)],
  variable: [
    { key: 'baseUrl', value: document.servers[0].url },
    ...['email', 'password', 'token', 'tokenFetchedAt'].map((key) => ({ key, value: '' })),
  ],
  item: foldersOf(),
};

const file = process.argv[2] ?? 'dist/taskward.postman_collection.json';
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(collection, null, 2)}\n`);
process.stdout.write(`${file}\n`);
