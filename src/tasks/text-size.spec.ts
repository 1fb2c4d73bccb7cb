import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decomposedLength, hasFewMarks, hasFewWords, isShortDecomposed } from './text-size.js';

const LENGTH = 10_000;
const fill = (unit: string) => Array.from(unit.repeat(LENGTH)).slice(0, LENGTH).join('');
const range = (first: number, count: number) =>
  Array.from({ length: LENGTH }, (_, i) => String.fromCodePoint(first + (i % count))).join('');

const isAccepted = (text: string) =>
  hasFewMarks(text) && isShortDecomposed(text) && hasFewWords(text);

describe('ten thousand characters of ordinary text are accepted:', () => {
  it.each([
    { script: 'English', text: fill('The quick brown fox jumps over the lazy dog. ') },
    { script: 'German', text: fill('Über Straßen läuft der Fuchs durchs Öl. ') },
    { script: 'Vietnamese', text: fill('Tiếng Việt có nhiều dấu thanh điệu. ') },
    { script: 'polytonic Greek', text: fill('ᾧ τινι Ἀθηναῖοι ᾄδουσιν ᾠδήν. ') },
    { script: 'Hebrew with points', text: fill('בְּרֵאשִׁית בָּרָא אֱלֹהִים ') },
    { script: 'Arabic with vowel signs', text: fill('بِسْمِ ٱللَّهِ ٱلرَّحْمَـٰنِ ') },
    { script: 'Hindi', text: fill('हिन्दी में लिखा हुआ एक लेख। ') },
    { script: 'Thai', text: fill('ซื้อนมและขนมปังที่ร้านใกล้บ้าน') },
    { script: 'Hangul, every syllable another', text: range(0xac00, 11_172) },
    { script: 'Hangul with spaces', text: fill('우유를 사고 회의를 준비한다. ') },
    { script: '2,500 Chinese characters', text: range(0x4e00, 2_500) },
    { script: 'Japanese', text: fill('今日は牛乳とパンを買う。カタカナ。') },
    { script: 'emoji', text: range(0x1f300, 700) },
    { script: 'families of emoji', text: fill('👨‍👩‍👧‍👦❤️') },
    { script: 'words of three letters, every one another', text: hexWords(3) },
    { script: 'single letters', text: fill('a b c ') },
    { script: 'one word', text: fill('a') },
    { script: 'full-width letters', text: fill('ＴＡＳＫ　') },
    { script: 'circled numbers', text: range(0x2460, 20) },
    { script: 'letters under many accents', text: fill(`a${'\u0301'.repeat(100)}`) },
  ])('$script', ({ text }) => {
    expect(Array.from(text)).toHaveLength(LENGTH);
    expect(isAccepted(text)).toBe(true);
  });
});

function hexWords(letters: number): string {
  const words = Array.from({ length: LENGTH }, (_, i) => (i + 36 ** (letters - 1)).toString(36));
  return words.join(' ').slice(0, LENGTH);
}

describe('a text is refused', () => {
  it('with more than 100 combining marks in a row', () => {
    for (const mark of ['\u0301', '\u0316', '\u064b', '\uff9e', '\u302a', '\u0344']) {
      expect(hasFewMarks(`${'x'.repeat(50)}${mark.repeat(101)}`)).toBe(false);
    }
    expect(hasFewMarks(`${'\u0301'.repeat(100)}x${'\u0316'.repeat(100)}`)).toBe(true);
  });

  it('with more than 32,000 characters once it is decomposed', () => {
    expect(isShortDecomposed('\ufdfa'.repeat(1_777))).toBe(true);
    expect(isShortDecomposed('\ufdfa'.repeat(1_778))).toBe(false);
  });

  it('with more than 2,500 different words', () => {
    expect(hasFewWords(range(0x4e00, 2_500))).toBe(true);
    expect(hasFewWords(range(0x4e00, 2_501))).toBe(false);
    expect(hasFewWords(range(0x20000, 2_501))).toBe(false);
  });
});

describe('the length of a decomposed text', () => {
  it('is that of its NFKD', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decomposedLength(text)).toBe(Array.from(text.normalize('NFKD')).length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is at most eighteen times that of the text', () => {
    for (let codePoint = 0; codePoint < 0x110000; codePoint += 1) {
      if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
      const text = String.fromCodePoint(codePoint);
      if (text.normalize('NFKD').length > 18 * text.length) throw new Error(text);
    }
    expect('\ufdfa'.normalize('NFKD')).toHaveLength(18);
  });
});
