import fc from 'fast-check';

const LONG_LENGTHS = [256, 10_001, 100_000];
const ZERO_WIDTH = '\u200b\u200c\u200d\u2060\ufeff';

/** Texts that have broken something somewhere. */
const TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\0',
    'a\0b',
    '\x01',
    '\x1b[31m',
    '\x7f',
    '\x85',
    '\xa0',
    '\u2028',
  ],
  ...['\ud800', '\udfff', 'a\udc00b', '\udc00\ud800', '\ufffd', '\uffff', '\ufdd0', '\u{10ffff}'],
  ...[
    ZERO_WIDTH,
    `${ZERO_WIDTH}a${ZERO_WIDTH}`,
    '\u202eabc',
    '\u2066a\u2069',
    '\u200fשלום',
    'مرحبا',
  ],
  ...['e\u0301', '\u00e9', '\u1e9b\u0323', 'ﬁ', 'Å', 'İ', 'ı', 'ß', 'ẞ', 'ς', 'Ǆ', '가', '각'],
  ...[`Z${'\u0300'.repeat(200)}`, '🥛', '👩‍👩‍👧‍👦', '🇩🇪', '👍🏽', '1️⃣', '中文', 'ก็็็็', '\ue000'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'length'],
  ...[
    'null',
    'undefined',
    'true',
    'True',
    'NaN',
    'Infinity',
    '-0',
    '0',
    '00',
    '1e3',
    '1e400',
    '0x10',
  ],
  ...[
    '9007199254740993',
    '-1',
    '1.5',
    '１',
    '2147483648',
    '999999999999999999999',
    '1_000',
    ' 1',
    '+1',
  ],
  ...[
    `'`,
    `"`,
    `''`,
    `\\`,
    `\\'`,
    `'; drop table task; --`,
    `' or '1'='1`,
    `$1`,
    `?`,
    `??`,
    `:id`,
    `$$`,
  ],
  ...[
    '{"$ne":null}',
    '{}',
    '[]',
    '%',
    '%s%s%n',
    '%00',
    '%2500',
    '${7*7}',
    '{{7*7}}',
    '<%= 7 %>',
    '`id`',
  ],
  ...[
    '<script>alert(1)</script>',
    '../../etc/passwd',
    '..',
    '.',
    '//',
    '\\\\host',
    'file:///',
    'a,b',
    ',',
    '\\,',
  ],
  ...[
    'a&b',
    'a|b',
    '!a',
    'a:*',
    '(',
    'a <-> b',
    '&',
    '|',
    '*',
    ':*',
    `'a'`,
    'a\\:*',
    '--',
    '/*',
    ';',
  ],
  ...[
    '2026-02-30',
    '2026-13-01',
    '0000-01-01',
    '0001-01-01',
    '9999-12-31',
    '10000-01-01',
    '-0001-01-01',
  ],
  ...[
    '2024-02-29',
    '2023-02-29',
    '1900-02-29',
    '2026-1-1',
    '20260101',
    '2026-W01-1',
    '2026-001',
    'infinity',
    'now',
  ],
  ...[
    '2026-12-24T24:00:00Z',
    '2026-12-24T23:59:60Z',
    '2026-12-24T00:00:00',
    '2026-12-24 00:00:00Z',
    '2026-12-24T00:00Z',
  ],
  ...[
    '2026-12-24T00:00:00+24:00',
    '2026-12-24T00:00:00+23:59',
    '2026-12-24T00:00:00-23:59',
    '2026-12-24T00:00:00-00:00',
  ],
  ...[
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '9999-12-31T23:59:59.999Z',
    '0001-01-01T00:00:00Z',
  ],
  ...[
    '2026-12-24t10:00:00.1z',
    '2026-12-24T10:00:00.1234Z',
    '2026-12-24T10:00:00.120000Z',
    '2026-12-24T10:00:00,1Z',
  ],
  ...[
    '2026-12-24T10:00:00.123+05:45',
    '1969-12-31T23:59:59.999Z',
    '2026-03-29T02:30:00+01:00',
    '٢٠٢٦-١٢-٢٤',
    ' 2026-12-24',
  ],
  ...['today', 'tomorrow', 'today+3d', 'now-2w', 'today 3d', 'today+9999w', 'now-9999w', 'TODAY'],
  ...['today+10000d', 'today+1e9d', 'now+-1d', 'now+0x1d', 'today+٣d', 'today−3d', 'tomorrow+1m'],
  ...[
    'UTC',
    'Europe/Berlin',
    'europe/berlin',
    'Etc/GMT+14',
    'Pacific/Kiritimati',
    'Pacific/Apia',
    'America/Sao_Paulo',
  ],
  ...[
    '+02:00',
    'UTC+2',
    'Z',
    'GMT0',
    'EST5EDT',
    'Mars/Phobos',
    'Europe/../Europe/Berlin',
    'localtime',
    'posix/UTC',
  ],
  ...[
    '*',
    '"1"',
    'W/"1"',
    '"1',
    '1"',
    '"1", "2"',
    '"99", "1"',
    '"1"x',
    '*, "1"',
    '"\\"1"',
    '""',
    ',',
    '"01"',
    '" 1"',
  ],
  ...[
    'high',
    'HIGH',
    'high,low',
    'high,',
    'none,none',
    '-createdAt',
    'createdat',
    '--createdAt',
    'createdAt,title',
  ],
  ...[
    'create',
    'update',
    'delete',
    'CREATE',
    '0199c0de-0000-7000-8000-000000000000',
    '{0199c0de-0000-7000-8000-000000000000}',
  ],
  ...LONG_LENGTHS.flatMap((length) => ['x'.repeat(length), '🥛'.repeat(length)]),
  ...[255, 50, 200].flatMap((length) => [
    'x'.repeat(length),
    '🥛'.repeat(length),
    ` ${'é'.repeat(length)}\n`,
  ]),
];

const nested = (open: string, close: string, levels: number) =>
  open.repeat(levels) + '1' + close.repeat(levels);

/** The same as JSON, and JSON that is none of the texts: its own numbers, types, depths and names. */
const JSON_TEXTS: readonly string[] = [
  ...TEXTS.map((text) => JSON.stringify(text)),
  ...[
    'null',
    'true',
    'false',
    '0',
    '-0',
    '1',
    '1.5',
    '-1',
    '1e400',
    '-1e400',
    '1e-400',
    '9007199254740993',
    '2147483648',
  ],
  ...[
    'NaN',
    'Infinity',
    'undefined',
    '01',
    '.5',
    '0x10',
    "'a'",
    '+1',
    '"\\x41"',
    '"\\ud800"',
    '"\\u0000"',
    '"a\nb"',
    '',
  ],
  ...[
    '[]',
    '[null]',
    '[[]]',
    '[1,2]',
    '["a","a"]',
    '["a","A"]',
    '[" a ","a"]',
    '["ß","ẞ"]',
    '["a",]',
    '[,]',
    '["\\u0000"]',
  ],
  ...[
    '{}',
    '{"a":1}',
    '{"__proto__":{"title":"x"}}',
    '{"constructor":{"prototype":{}}}',
    '{"length":1,"0":"a"}',
    '{"toString":1}',
  ],
  ...[31, 32, 33, 500, 20_000].flatMap((levels) => [
    nested('[', ']', levels),
    nested('{"a":', '}', levels),
  ]),
  ...[20, 21, 200, 201, 5_000].map((length) =>
    JSON.stringify(Array.from({ length }, (_, i) => `t${String(i)}`)),
  ),
  JSON.stringify(Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${String(i)}`, i]))),
  '"\ufeff"',
  '/* */ 1',
];

/** Names that a member or a parameter can have. */
const NAMES: readonly string[] = [
  ...[
    '',
    ' ',
    '\0',
    '\0constructor',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    '__defineGetter__',
  ],
  ...[
    'title ',
    'Title',
    'titl\u0435',
    'title\u200b',
    'title[]',
    'title[a]',
    'title.a',
    'a/b~c',
    '\ud800',
    '0',
    '-1',
    '🥛',
  ],
  ...[
    'id',
    'ownerId',
    'owner_id',
    'version',
    'createdAt',
    'completedAt',
    'deletedAt',
    'x'.repeat(1_000),
    'é'.repeat(1_000),
  ],
];

const pick = (texts: readonly string[]) => fc.constantFrom(...texts);

/** Any code units, halves of surrogate pairs among them. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
  .map((units) => String.fromCharCode(...units));

/** Two of them make a third. */
const text = fc.oneof(
  pick(TEXTS),
  anyText,
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.tuple(pick(TEXTS), pick(TEXTS)).map((both) => both.join('')),
);

const json = fc.oneof(
  pick(JSON_TEXTS),
  text.map((value) => JSON.stringify(value)),
  fc.json({ maxDepth: 3 }),
  fc.double().map(String),
);

const name = fc.oneof(pick(NAMES), text);

/** A wrong way to write a text in an address, besides the right one. */
const escaped = fc
  .tuple(text, fc.constantFrom('right', 'twice', 'cut', 'bytes', 'latin1'))
  .map(([value, way]) => escapeAs(value, way));

const wellFormed = (value: string) => encodeURIComponent(value.toWellFormed());

function escapeAs(value: string, way: string): string {
  if (way === 'twice') return encodeURIComponent(wellFormed(value));
  if (way === 'cut') return `${wellFormed(value)}%`;
  if (way === 'bytes') return `${wellFormed(value)}%ff%fe`;
  if (way === 'latin1') {
    return Array.from(
      Buffer.from(value.slice(0, 200), 'latin1'),
      (byte) => `%${byte.toString(16).padStart(2, '0')}`,
    ).join('');
  }
  return wellFormed(value);
}

/** In JSON, in addresses, as names; every known one, and any other. */
export const hostile = {
  json,
  name,
  escaped,
  header: text.filter(canBeSent),
  all: {
    json: JSON_TEXTS,
    names: NAMES,
    escaped: [
      ...TEXTS.map(wellFormed),
      '%',
      '%%',
      '%zz',
      '%ff',
      '%c0%ae',
      '%ed%a0%80',
      '%u0041',
      '+',
      '%2B',
      '%252e%252e',
    ],
    headers: TEXTS.filter(canBeSent),
  },
};

/** Whether a client lets this into a header; for what it does not, see `raw-requests.e2e-spec.ts`. */
function canBeSent(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]{0,8000}$/.test(value);
}
