import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { en } from './en';

interface Texts {
  readonly [key: string]: string | Texts;
}

const keysOf = (texts: Texts, prefix = ''): string[] =>
  Object.entries(texts).flatMap(([key, text]) =>
    typeof text === 'string' ? prefix + key : keysOf(text, `${prefix}${key}.`),
  );

const SOURCES = join(import.meta.dirname, '..');
const code = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/texts\.\w+\.ts$|\.spec\.ts$/.test(file))
  .map((file) => readFileSync(join(SOURCES, file), 'utf8'))
  .join('\n');

/** Patterns of the keys that the sources name; what a template puts in may be anything. */
const named = Array.from(
  code.matchAll(/'([\w. ]+\.[\w. ]+)'|`([\w.]+\.[^`]*)`/g),
  ([, text, template]) => {
    const parts = (text ?? template ?? '').split(/\$\{[^}]*\}/);
    const escaped = parts.map((part) => part.replaceAll(/\W/g, String.raw`\$&`));
    return new RegExp(`^${escaped.join('[^.]+')}$`);
  },
);
const isNamed = (key: string) => named.some((pattern) => pattern.test(key));

describe('the texts', () => {
  it('are all used', () => {
    const unused = keysOf(en).filter(
      (key) => !isNamed(key) && !isNamed(key.replace(/_(?:one|other)$/, '')),
    );
    expect(unused).toEqual([]);
  });

  it('would be missed if one were not', () => {
    expect(isNamed('tasks.filter.tagsPlaceholder')).toBe(false);
  });
});
