const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
const WEIGHT = /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/;

/** Quoted parameters may contain commas; without a closing quote only the opening one matches. */
const QUOTED = /"(?:[^"\\]|\\.)*("?)/gs;

/** Usual values, which need not be parsed. */
const USUAL_VALUES: readonly unknown[] = [undefined, '*/*', 'application/json'];

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

/** Parses one element of the list; returns undefined if it is malformed. */
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
 * Returns whether an `Accept` header (RFC 9110, section 12.5.1) allows a JSON response. The most
 * specific range decides, whatever its position; a client that requests problems by name gets JSON
 * too. A malformed, empty or missing header accepts everything. Takes linear time.
 */
export function acceptsJson(header: string | undefined): boolean {
  return USUAL_VALUES.includes(header) || acceptsType(header, 'application/json');
}

/** Does the same for another media type, such as `text/event-stream`. */
export function acceptsType(header: string | undefined, mediaType: string): boolean {
  const [type = ''] = mediaType.split('/');
  // Ordered by precision: the last range that is present decides.
  const formatRanges = ['*/*', `${type}/*`, mediaType];
  const elements = (header ?? '')
    .replace(QUOTED, (_, end: string) => (end === '"' ? 'quoted' : '"'))
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
  const ranges = elements.map(parseRange);
  if (ranges.length === 0 || ranges.includes(undefined)) return true;
  const weightsOf = (name: string) =>
    ranges.flatMap((found) => (found?.range === name ? [found.weight] : []));
  const decisive = formatRanges.map(weightsOf).findLast((weights) => weights.length > 0) ?? [];
  return [...decisive, ...weightsOf(PROBLEM)].some((weight) => weight > 0);
}
