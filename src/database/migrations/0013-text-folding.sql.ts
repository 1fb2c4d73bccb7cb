import { ALONE, WORD } from './0003-task-lists.js';

/**
 * Defines functions whose SQL names the collation of their letters as `%1$I`: as in `0003-task-lists`,
 * the one that is built in, and that of ICU before PostgreSQL 17.
 */
const withLetters = (sql: string) => `
  do $do$ begin
    execute format($sql$${sql}$sql$,
      case when exists (select from pg_collation where collname = 'pg_c_utf8')
        then 'pg_c_utf8' else 'und-x-icu' end);
  end $do$`;

/** Splits words that are folded. */
const wordsOf = (folded: string) => `
  array_remove(regexp_split_to_array(regexp_replace(
    regexp_replace(${folded} collate %1$I, '([${ALONE}])', ' \\1 ', 'g'),
    '([${WORD}]{64})[${WORD}]+', '\\1', 'g'),
    '[^${WORD}]+'), '')`;

/** The folding of `0003-task-lists`; `prefix` begins the names of its functions. */
export const previousFolding = (prefix: string) =>
  withLetters(`
    create or replace function ${prefix}_lower(text) returns text
      language sql immutable strict parallel safe return lower($1 collate %1$I);
    create or replace function ${prefix}_words(text) returns text[]
      language sql immutable strict parallel safe return ${wordsOf('task_fold($1)')}`);

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join('');

/** Letters whose fold is another letter than their lower case. */
const IRREGULAR = ['µſ\u0345ςϐϑϕϖϰϱϵᲀᲁᲂᲃᲄᲅᲆᲇᲈ', 'μsισβθφπκρεвдосттъѣꙋ'] as const;

/** Rare ones: those of Cherokee, and pairs of Unicode 15 to 17, which some PostgreSQL do not know. */
const RARE = [
  `\u1c89\ua7cb\ua7cc\ua7ce\ua7d2\ua7d4\ua7da\ua7dc${range(0xab70, 0xabbf)}${range(0x13f8, 0x13fd)}${range(0x10d50, 0x10d65)}${range(0x16ea0, 0x16eb8)}`,
  `\u1c8a\u0264\ua7cd\ua7cf\ua7d3\ua7d5\ua7db\u019b${range(0x13a0, 0x13f5)}${range(0x10d70, 0x10d85)}${range(0x16ebb, 0x16ed3)}`,
] as const;

/** Letters whose fold is several. Others are taken apart by NFD. */
const LIGATURES: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'ss',
  ŉ: 'ʼn',
  ẚ: 'aʾ',
  ﬀ: 'ff',
  ﬁ: 'fi',
  ﬂ: 'fl',
  ﬃ: 'ffi',
  ﬄ: 'ffl',
  ﬅ: 'st',
  ﬆ: 'st',
  և: 'եւ',
  ﬓ: 'մն',
  ﬔ: 'մե',
  ﬕ: 'մի',
  ﬖ: 'վն',
  ﬗ: 'մխ',
};

const withoutLigatures = Object.entries(LIGATURES).reduce(
  (sql, [ligature, letters]) => `replace(${sql}, '${ligature}', '${letters}')`,
  'folded',
);

/**
 * Full case folding in NFC, as `foldTag` of the API: PostgreSQL has it from version 18 on. All that
 * is rare is looked for first, as `translate` takes a time that grows with its letters.
 */
const FOLD_TAG = `
  create or replace function task_fold_tag(tag text) returns text
    language plpgsql immutable parallel safe
    as $$
    declare
      folded text := translate(lower(normalize(tag, NFD) collate %1$I), '${IRREGULAR.join("', '")}');
    begin
      if folded ~ '[${Object.keys(LIGATURES).join('')}]' then
        folded := ${withoutLigatures};
      end if;
      if folded ~ '[${RARE[0]}]' then
        folded := translate(folded, '${RARE.join("', '")}');
      end if;
      return normalize(folded, NFC);
    end $$`;

/** Accents and vowel signs: of all scripts, Cyrillic, Hebrew, Arabic, Syriac, N’Ko and Samaritan. */
const MARKS =
  '\\u0300-\\u036f\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f' +
  '\\u0483-\\u0489\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\ufb1e' +
  // Without hamza and madda, which make another letter, and with the tatweel, which makes none.
  '\\u0610-\\u061a\\u0640\\u064b-\\u0652\\u0656-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4' +
  '\\u06e7\\u06e8\\u06ea-\\u06ed\\u0897-\\u089f\\u08ca-\\u08e1\\u08e3-\\u08ff\\U000102e0\\U00010efa-\\U00010eff' +
  '\\u0711\\u0730-\\u074a\\u07eb-\\u07f3\\u07fd\\u0818\\u0819\\u081c-\\u0823\\u0825-\\u0827\\u0829-\\u082d';

/** Soft hyphen, joiners, marks of direction, variation selectors. */
const INVISIBLE =
  '\\u00ad\\u061c\\u180b-\\u180f\\u200c-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u206f' +
  '\\ufe00-\\ufe0f\\ufeff\\U000e0100-\\U000e01ef';

/** SQL that is true of a text in ASCII, which folding need only lower. */
const IS_ASCII = 'octet_length($1) = length($1)';

const FOLDED_WORDS = `
  case when ${IS_ASCII} then lower($1 collate %1$I)
  else replace(replace(replace(translate(
    lower(regexp_replace(normalize($1, NFKD), '[${MARKS}${INVISIBLE}]', '', 'g') collate %1$I),
    'øłđħıŧςᲀᲁᲂᲃᲄᲅᲆᲇᲈ', 'oldhitσвдосттъѣꙋ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe') end`;

/**
 * Folds tags and words; `prefix` begins the names of its functions. `task_lower` keeps the name by
 * which the functions of terms call it. Without `strict` both are inlined.
 */
export const folding = (prefix: string) =>
  withLetters(`
    ${FOLD_TAG};
    create or replace function ${prefix}_lower(text) returns text
      language sql immutable parallel safe
      return case when ${IS_ASCII} then lower($1 collate %1$I) else task_fold_tag($1) end;
    create or replace function ${prefix}_words(text) returns text[]
      language sql immutable parallel safe return ${wordsOf(FOLDED_WORDS)}`);
