/** Scripts without spaces between words, and emoji: each character is a word, as in the migrations. */
const ALONE =
  /[\u0e00-\u0eff\u1780-\u17ff\u2190-\u2bff\u2e80-\ua4cf\uf900-\ufaff\u{1f000}-\u{3ffff}]/u;
const WORD = /[\p{Alphabetic}\p{Nd}\u0900-\u0dff]/u;
const MARK = /\p{M}/u;
/** Accents, vowel signs and invisible characters, which folding removes without ending a word. */
const REMOVED =
  /[\xad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u061c\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07eb-\u07f3\u07fd\u0818\u0819\u081c-\u0823\u0825-\u0827\u0829-\u082d\u0897-\u089f\u08ca-\u08e1\u08e3-\u08ff\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u20d0-\u20ff\ufe00-\ufe0f\ufb1e\ufe20-\ufe2f\ufeff\u{102e0}\u{10efa}-\u{10eff}\u{e0100}-\u{e01ef}]/u;

const IS_KNOWN = 1;
const IS_WORD = 2;
const IS_ALONE = 4;
const IS_MARK = 8;
const IS_COMPOSED = 16;

/** Cached properties of each code point, with the length of its NFKD. */
const properties = new Uint8Array(0x110000);
const lengths = new Uint8Array(0x110000);
const decompositions = new Map<number, readonly number[]>();

function findProperties(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  const parts = Array.from(character.normalize('NFKD'), (part) => Number(part.codePointAt(0)));
  lengths[codePoint] = parts.length;
  if (parts[0] !== codePoint) {
    decompositions.set(codePoint, parts);
    return IS_KNOWN | IS_COMPOSED;
  }
  const mark = MARK.test(character) ? IS_MARK : 0;
  if (ALONE.test(character)) return IS_KNOWN | IS_ALONE | mark;
  const isWord = WORD.test(character) || REMOVED.test(character);
  return IS_KNOWN | mark | (isWord ? IS_WORD : 0);
}

const propertiesOf = (codePoint: number) => (properties[codePoint] ||= findProperties(codePoint));

const MAX_CHARACTERS = 32_000;
const MAX_MARKS = 100;
const MAX_WORDS = 2_500;

/** The longest NFKD of a character: U+FDFA has eighteen. */
const MAX_EXPANSION = 18;

/** The size of a string as search folds it: decomposed (NFKD), and split into words. */
class TextSize {
  characters = 0;
  /** Length of the longest run of combining marks. */
  marks = 0;
  /** Number of words, or of distinct words if a set is given. */
  words = 0;
  #run = 0;
  #hash = 0;

  /** @param distinct hashes of the words. */
  constructor(private readonly distinct?: Set<number>) {}

  /** Stops counting once the string is too long. */
  add(text: string): this {
    for (let i = 0; i < text.length && this.characters <= MAX_CHARACTERS; i += 1) {
      const codePoint = Number(text.codePointAt(i));
      if (codePoint > 0xffff) i += 1;
      this.#addCharacter(codePoint);
    }
    this.#endWord();
    return this;
  }

  #addCharacter(codePoint: number): void {
    const found = propertiesOf(codePoint);
    if (found & IS_COMPOSED) {
      for (const part of decompositions.get(codePoint) ?? []) this.#addCharacter(part);
      return;
    }
    this.characters += 1;
    this.#run = found & IS_MARK ? this.#run + 1 : 0;
    if (this.#run > this.marks) this.marks = this.#run;
    if (found & IS_WORD) {
      // FNV-1a; two words with the same hash count as one.
      this.#hash = Math.imul(this.#hash ^ codePoint, 16_777_619) || 1;
      return;
    }
    this.#endWord();
    if (found & IS_ALONE) this.#addWord(-codePoint);
  }

  #endWord(): void {
    if (this.#hash !== 0) this.#addWord(this.#hash);
    this.#hash = 0;
  }

  #addWord(hash: number): void {
    if (this.distinct === undefined) this.words += 1;
    else this.words = this.distinct.add(hash).size;
  }
}

/** The size of the last string, which several rules use in turn. */
let last = { text: '', size: new TextSize() };

function sizeOf(text: string): TextSize {
  if (last.text !== text) last = { text, size: new TextSize().add(text) };
  return last.size;
}

/** Limits runs of marks: the time in which PostgreSQL sorts one grows with the square of its length. */
export const hasFewMarks = (text: string) =>
  text.length <= MAX_MARKS || sizeOf(text).marks <= MAX_MARKS;

export const isShortDecomposed = (text: string) =>
  text.length * MAX_EXPANSION <= MAX_CHARACTERS || sizeOf(text).characters <= MAX_CHARACTERS;

/** Limits words: each is an entry of the search index, rewritten whenever the task changes. */
export const hasFewWords = (text: string) =>
  text.length * MAX_EXPANSION <= MAX_WORDS ||
  sizeOf(text).words <= MAX_WORDS ||
  new TextSize(new Set()).add(text).words <= MAX_WORDS;

/** Returns the number of characters of a string's NFKD. */
export function decomposedLength(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i += 1) {
    const codePoint = Number(text.codePointAt(i));
    if (codePoint > 0xffff) i += 1;
    propertiesOf(codePoint);
    length += Number(lengths[codePoint]);
  }
  return length;
}
