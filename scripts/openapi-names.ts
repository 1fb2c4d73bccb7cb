/** The part of an OpenAPI document that contains names. */
interface OpenApiDocument {
  readonly paths?: Record<string, Record<string, { readonly operationId?: string }>>;
  readonly components?: { readonly schemas?: Record<string, unknown> };
}

/** Suffixes that generators append to an operation's id to name their own types. */
const OPERATION_SUFFIXES = [
  ...['Body', 'Data', 'Error', 'Errors', 'JSONBody', 'JSONRequestBody', 'OK', 'Operation'],
  ...['Params', 'Query', 'Req', 'Request', 'RequestBody', 'RequestObject', 'Res', 'Response'],
  ...['ResponseObject', 'Responses', 'Result'],
];

/** Names in the runtimes of generated clients. */
const RUNTIME_NAMES = [
  ...['ApiClient', 'ApiException', 'ApiResponse', 'AuthenticatedClient', 'BaseAPI', 'Client'],
  ...['ClientInterface', 'ClientOption', 'ClientWithResponses', 'Configuration', 'Date', 'Error'],
  ...['File', 'Handler', 'List', 'Map', 'Object', 'Options', 'Record', 'Request', 'Response'],
  ...['SecuritySource', 'Server', 'ServerInterface', 'Set', 'String', 'Unset'],
];

/** Normalizes a name that generators may spell differently: `-due_at` and `DueAt` are the same. */
const folded = (name: string) => name.replaceAll(/[^a-z0-9]/gi, '').toLowerCase();

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Calls `visit` with each object of a document and its JSON pointer. */
function walk(
  value: unknown,
  visit: (object: Record<string, unknown>, pointer: string) => void,
  pointer = '#',
): void {
  if (!isObject(value)) return;
  visit(value, pointer);
  for (const [key, inner] of Object.entries(value)) walk(inner, visit, `${pointer}/${key}`);
}

const isNull = (schema: unknown) =>
  isObject(schema) && (schema['type'] === 'null' || String(schema['type']) === 'null');

/** Returns the places of schemas that allow only null, for which generators have no type. */
function bareNulls(document: unknown): string[] {
  const found: string[] = [];
  const alternatives = new Set<unknown>();
  walk(document, (object, pointer) => {
    for (const list of [object['anyOf'], object['oneOf']]) {
      if (!Array.isArray(list) || list.every(isNull)) continue;
      for (const alternative of list as unknown[]) alternatives.add(alternative);
    }
    if (isNull(object) && !alternatives.has(object)) found.push(`${pointer}: null is no type`);
  });
  return found;
}

/** Returns the names in each object's `properties` that differ only in spelling. */
function twinProperties(document: unknown): string[] {
  const found: string[] = [];
  walk(document, ({ properties }, pointer) => {
    if (!isObject(properties)) return;
    found.push(...twins(Object.keys(properties)).map((names) => `${pointer}: ${names}`));
  });
  return found;
}

function twins(names: readonly string[]): string[] {
  return [...Map.groupBy(names, folded).values()]
    .filter((group) => group.length > 1)
    .map((group) => `${group.join(' and ')} are one name to a generator`);
}

function enumValues(document: unknown): string[] {
  const values: string[] = [];
  walk(document, ({ enum: list }) => {
    if (Array.isArray(list)) values.push(...list.filter((value) => typeof value === 'string'));
  });
  return values;
}

/** Returns the parts of a valid document that client generators cannot handle. */
export function problemsOfNames(document: OpenApiDocument): string[] {
  const schemas = Object.keys(document.components?.schemas ?? {});
  const operationIds = Object.values(document.paths ?? {})
    .flatMap((item) => Object.values(item))
    .flatMap(({ operationId }) => operationId ?? []);
  const made = [
    ...enumValues(document).map((value) => [value, `the enum's value "${value}"`] as const),
    ...operationIds.flatMap((id) =>
      OPERATION_SUFFIXES.map((suffix) => [id + suffix, `${suffix} of ${id}`] as const),
    ),
    ...RUNTIME_NAMES.map((name) => [name, `${name} of a client's runtime`] as const),
  ];
  const reasons = new Map(made.map(([name, reason]) => [folded(name), reason]));
  const clashes = schemas.flatMap((name) => {
    const reason = reasons.get(folded(name));
    return reason === undefined ? [] : [`#/components/schemas/${name}: clashes with ${reason}`];
  });
  return [
    ...bareNulls(document),
    ...twins(schemas).map((names) => `#/components/schemas: ${names}`),
    ...twins(operationIds).map((names) => `#/paths: ${names}`),
    ...twinProperties(document),
    ...clashes,
  ];
}
