/** Scripts without spaces between words, and pictures: each character is a word. As in the migrations. */
const ALONE =
  /[\u0e00-\u0eff\u1780-\u17ff\u2190-\u2bff\u2e80-\ua4cf\uf900-\ufaff\u{1f000}-\u{3ffff}]/u;
const WORD = /[\p{Alphabetic}\p{Nd}\u0900-\u0dff]/u;
const MARK = /\p{M}/u;
/** Marks that folding removes without ending a word. */
const isRemoved = (codePoint: number) => codePoint >= 0x300 && codePoint <= 0x36f;

const IS_KNOWN = 1;
const IS_WORD = 2;
const IS_ALONE = 4;
const IS_MARK = 8;
const IS_COMPOSED = 16;

/** The properties of each code point, found when it is first seen, and the length of its NFKD. */
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
  const isWord = WORD.test(character) || isRemoved(codePoint);
  return IS_KNOWN | mark | (isWord ? IS_WORD : 0);
}

const propertiesOf = (codePoint: number) => (properties[codePoint] ||= findProperties(codePoint));

const MAX_CHARACTERS = 32_000;
const MAX_MARKS = 100;
const MAX_WORDS = 2_500;

/** NFKD makes eighteen characters of one, and of none more (U+FDFA). */
const MAX_EXPANSION = 18;

/** The size of a text as a search folds it: decomposed (NFKD), and split into words. */
class TextSize {
  characters = 0;
  /** Combining marks in the longest run of them. */
  marks = 0;
  /** Words, each as often as it comes; where a set is given, once. */
  words = 0;
  #run = 0;
  #hash = 0;

  /** @param distinct hashes of the words. */
  constructor(private readonly distinct?: Set<number>) {}

  /** Counts no more once the text is too long. */
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
      // FNV-1a; two words of one hash are counted as one.
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

/** The size of the last text, about which several rules ask in turn. */
let last = { text: '', size: new TextSize() };

function sizeOf(text: string): TextSize {
  if (last.text !== text) last = { text, size: new TextSize().add(text) };
  return last.size;
}

/** PostgreSQL puts the marks of a run in order in a time that grows with the square of their number. */
export const hasFewMarks = (text: string) =>
  text.length <= MAX_MARKS || sizeOf(text).marks <= MAX_MARKS;

export const isShortDecomposed = (text: string) =>
  text.length * MAX_EXPANSION <= MAX_CHARACTERS || sizeOf(text).characters <= MAX_CHARACTERS;

/** Each word is an entry of the search's index, made anew whenever the task changes. */
export const hasFewWords = (text: string) =>
  text.length * MAX_EXPANSION <= MAX_WORDS ||
  sizeOf(text).words <= MAX_WORDS ||
  new TextSize(new Set()).add(text).words <= MAX_WORDS;

/** Returns the characters of a decomposed text. */
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
