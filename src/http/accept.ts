const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
const WEIGHT = /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/;

/** Quoted parameters may hold commas; where the closing quote is missing, the first is left. */
const QUOTED = /"(?:[^"\\]|\\.)*("?)/gs;

/** What nearly everybody sends, and needs no reading. */
const USUAL: readonly unknown[] = [undefined, '*/*', 'application/json'];

/** From the vaguest to the most exact: the last that is there decides. */
const JSON_RANGES = ['*/*', 'application/*', 'application/json'];
const PROBLEM = 'application/problem+json';

interface MediaRange {
  readonly range: string;
  readonly weight: number;
}

function isMediaRange(range: string): boolean {
  const [type = '', subtype = '', ...rest] = range.split('/');
  const isNamed = TOKEN.test(type) && TOKEN.test(subtype) && rest.length === 0;
  return isNamed && (type !== '*' || subtype === '*');
}

/** One element of the list; undefined when it is malformed. */
function parseRange(element: string): MediaRange | undefined {
  const [range = '', ...parameters] = element
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (!isMediaRange(range)) return undefined;
  let weight = 1;
  for (const parameter of parameters.filter((text) => text !== '')) {
    const [name = '', value = '', ...rest] = parameter.split('=');
    if (!TOKEN.test(name) || !TOKEN.test(value) || rest.length > 0) return undefined;
    if (name !== 'q') continue;
    if (!WEIGHT.test(value)) return undefined;
    weight = Number(value);
  }
  return { range, weight };
}

/**
 * Whether an `Accept` header (RFC 9110, section 12.5.1) lets us answer in JSON. The most exact range
 * decides, whatever its place; who asks for problems by name gets JSON, too. A header that is
 * malformed, empty or not there accepts everything. Takes linear time.
 */
export function acceptsJson(header: string | undefined): boolean {
  if (USUAL.includes(header)) return true;
  const elements = (header ?? '')
    .replace(QUOTED, (_, end: string) => (end === '"' ? 'quoted' : '"'))
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
  const ranges = elements.map(parseRange);
  if (ranges.length === 0 || ranges.includes(undefined)) return true;
  const weightsOf = (name: string) =>
    ranges.flatMap((found) => (found?.range === name ? [found.weight] : []));
  const decisive = JSON_RANGES.map(weightsOf).findLast((weights) => weights.length > 0) ?? [];
  return [...decisive, ...weightsOf(PROBLEM)].some((weight) => weight > 0);
}
