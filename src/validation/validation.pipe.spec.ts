import type { ArgumentMetadata } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Problem } from '../problems/problem.js';
import { ProblemValidationPipe } from './validation.pipe.js';
import { Nested, NestedEach } from './nested.js';
import { eachMemberRule, eachRule, rule } from './validators.js';

class Body {
  @rule('word', (value) => typeof value === 'string', 'must be a word')
  word!: string;

  @eachRule('small', (element) => Number(element) < 10, 'must be small')
  numbers?: number[];
}

class OptionalBody extends Body {
  static readonly bodyIsOptional = true;
}

class Item extends Body {
  @rule('first', (value) => value !== 2, 'must not be two')
  id?: number;
}

const idOf = (item: unknown) => (item as Item | null)?.id;
const isFirst = (item: unknown, index: number, all: readonly unknown[]) =>
  idOf(item) === undefined || all.findIndex((other) => idOf(other) === idOf(item)) === index;

class Outer {
  @Nested(Body)
  body?: Body;

  @NestedEach(3, (item) => ('id' in item ? Item : Body))
  @eachMemberRule('id', 'again', isFirst, 'must not be there twice')
  items!: (Item | Body)[];
}

const pipe = new ProblemValidationPipe();

// Refusals are thrown at once; as promises they are easier to tell apart.
const transform = (
  value: unknown,
  type: 'body' | 'query' = 'body',
  metatype: ArgumentMetadata['metatype'] = Body,
) =>
  new Promise((resolve) => {
    resolve(pipe.transform(value, { type, metatype }));
  });

/** Returns the code of the problem and its errors as `place code`. */
async function refusal(
  value: unknown,
  type: 'body' | 'query' = 'body',
  metatype: ArgumentMetadata['metatype'] = Body,
): Promise<unknown> {
  const error: unknown = await transform(value, type, metatype).catch((thrown: unknown) => thrown);
  if (!(error instanceof Problem)) return error;
  return [
    error.code,
    ...error.errors.map(({ pointer, parameter = '', code }) => `${pointer ?? parameter} ${code}`),
  ];
}

describe('the validation pipe', () => {
  it('converts a valid body to an instance of its class', async () => {
    const body = await transform({ word: 'a', numbers: [1] });
    expect(body).toBeInstanceOf(Body);
    expect(body).toEqual({ word: 'a', numbers: [1] });
  });

  it('throws the problem that the body parser passed on', async () => {
    const problem = new Problem('invalid_json', 'Not JSON.');
    await expect(transform(problem)).rejects.toBe(problem);
  });

  it('accepts a missing body where it is optional', async () => {
    expect(await transform(undefined, 'body', OptionalBody)).toBeUndefined();
    expect(await refusal(undefined)).toEqual(['invalid_json']);
  });

  it.each([[null], [[]], ['a'], [1], [true]])('requires an object, not %j', async (value) => {
    expect(await refusal(value)).toEqual(['validation_failed', ' type']);
  });

  it('points at each element that breaks a rule', async () => {
    expect(await refusal({ word: 'a', numbers: [1, 10, 2, 11] })).toEqual([
      'validation_failed',
      '/numbers/1 small',
      '/numbers/3 small',
    ]);
  });

  const special =
    '{"word":5,"__proto__":{"x":1},"constructor":1,"prototype":1,"toString":1,"a/~":1}';
  it('rejects the names of Object.prototype like any other unknown name', async () => {
    expect(await refusal(JSON.parse(special))).toEqual([
      'validation_failed',
      '/__proto__ unknown',
      '/constructor unknown',
      '/prototype unknown',
      '/toString unknown',
      '/a~1~0 unknown',
      '/word word',
    ]);
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  it('reports parameters where a body has pointers', async () => {
    const query: unknown = Object.assign(Object.create(null), {
      word: 'a',
      constructor: '',
      'b/c': '',
    });
    expect(await refusal(query, 'query')).toEqual([
      'invalid_parameter',
      'constructor unknown',
      'b/c unknown',
    ]);
  });
});

describe('the validation pipe, given a query that was valid before,', () => {
  class Query extends Body {
    @rule('type', (value) => value === undefined || typeof value === 'string', 'must be there once')
    cursor?: string;
  }
  class Stricter {
    @rule('long', (value) => String(value).length > 3, 'must be long')
    word!: string;
  }
  const query = (value: unknown, metatype: ArgumentMetadata['metatype'] = Query) =>
    transform(value, 'query', metatype);

  it('returns the same frozen instance', async () => {
    const first = (await query({ word: 'a', numbers: [1] })) as Query;
    expect(first).toBeInstanceOf(Query);
    expect(await query({ word: 'a', numbers: [1] })).toBe(first);
    expect(() => (first.word = 'b')).toThrow(TypeError);
    expect(() => first.numbers?.push(2)).toThrow(TypeError);
  });

  it.each([
    [{ word: 'b', numbers: [1] }],
    [{ word: 'a', numbers: ['1'] }],
    [{ word: 'a' }],
    [{ word: 'a', cursor: 'c' }],
  ])('does not confuse %j with it', async (value) => {
    await query({ word: 'a', numbers: [1] });
    expect(await query(value)).toEqual(value);
  });

  it('rejects a broken rule, however often it is sent, and whatever else was valid', async () => {
    await query({ word: 'a' });
    expect(await refusal({ word: 'a' }, 'query', Stricter)).toEqual([
      'invalid_parameter',
      'word long',
    ]);
    const unknown = Object.assign(Object.create(null) as object, { word: 'a', toJSON: 'x' });
    for (const value of [unknown, unknown]) {
      expect(await refusal(value, 'query', Query)).toEqual(['invalid_parameter', 'toJSON unknown']);
    }
  });

  it('caches the pages of a list as one query, each with its own cursor', async () => {
    const first = (await query({ numbers: [1], word: 'a', cursor: 'c' })) as Query;
    const second = (await query({ numbers: [1], word: 'a', cursor: 'd' })) as Query;
    expect([first, second]).toEqual([
      { word: 'a', numbers: [1], cursor: 'c' },
      { word: 'a', numbers: [1], cursor: 'd' },
    ]);
    expect(second).toBeInstanceOf(Query);
    expect(second.numbers).toBe(first.numbers);
  });

  it.each([
    [{ word: 'a', cursor: ['c', 'd'] }, Query, 'cursor type'],
    [{ word: 1, cursor: 'c' }, Query, 'word word'],
    [{ word: 'long', cursor: 'c' }, Stricter, 'cursor unknown'],
  ])('rejects %j, although a page of that list was valid', async (value, metatype, failure) => {
    await query({ word: 'a', cursor: 'c' });
    await query({ word: 'long' }, Stricter);
    for (const sent of [value, value]) {
      expect(await refusal(sent, 'query', metatype)).toEqual(['invalid_parameter', failure]);
    }
  });

  it('does not cache queries that are too long', async () => {
    const value = { word: 'a'.repeat(600) };
    expect(await query(value)).not.toBe(await query(value));
  });
});

describe('the validation pipe, given a body with nested objects,', () => {
  const refused = async (value: unknown) => {
    const found = (await refusal(value, 'body', Outer)) as string[];
    return found.slice(1);
  };

  it('converts each to an instance of its class', async () => {
    const value = { body: { word: 'a' }, items: [{ word: 'b' }, { word: 'c', id: 1 }] };
    const outer = (await transform(value, 'body', Outer)) as Outer;
    expect(outer).toEqual(value);
    expect(outer.body).toBeInstanceOf(Body);
    expect(outer.items.map((item) => item instanceof Item)).toEqual([false, true]);
  });

  it('points into each, and reports there what it reports for the whole', async () => {
    const bad = { word: 1, numbers: [1, 10], x: 1 };
    expect(await refused({ body: bad, items: [bad, { word: 'a', id: 2 }] })).toEqual([
      '/body/x unknown',
      '/body/word word',
      '/body/numbers/1 small',
      '/items/0/x unknown',
      '/items/0/word word',
      '/items/0/numbers/1 small',
      '/items/1/id first',
    ]);
    const error: unknown = await transform({ items: [bad] }, 'body', Outer).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({
      errors: [
        { detail: 'items/0/x is not recognized' },
        { detail: 'items/0/word must be a word' },
        { detail: 'items/0/numbers/1 must be small' },
      ],
    });
  });

  it('points at the member of an element that breaks a rule about all elements', async () => {
    const items = [7, 8, 7].map((id) => ({ word: 'a', id }));
    expect(await refused({ items })).toEqual(['/items/2/id again']);
  });

  it.each([[null], [[]], [[[]]], [[{}]], ['a'], [1], [true]])(
    'requires an object, not %j',
    async (value) => {
      expect(await refused({ body: value, items: [{ word: 'a', id: 1 }, value] })).toEqual([
        '/body type',
        '/items/1 type',
      ]);
    },
  );

  it.each<[unknown, string]>([
    [undefined, 'required'],
    [null, 'type'],
    [{}, 'type'],
    [{ length: 1, 0: { word: 'a' } }, 'type'],
    ['a', 'type'],
    [[], 'too_few'],
    [[1, 2, 3, 4], 'too_many'],
  ])('requires an array of objects, not %j', async (items, code) => {
    const value = items === undefined ? {} : { items };
    expect(await refused(value)).toEqual([`/items ${code}`]);
  });

  it('rejects the names of Object.prototype in each of them', async () => {
    const names = '"__proto__":{"x":1},"constructor":1,"prototype":{},"valueOf":1';
    const item = `{"word":"a",${names}}`;
    const json = `{"body":${item},"items":[${item},{"word":{${names}}}]}`;
    const found = ['__proto__', 'constructor', 'prototype', 'valueOf'];
    expect(await refused(JSON.parse(json))).toEqual([
      ...found.map((name) => `/body/${name} unknown`),
      ...found.map((name) => `/items/0/${name} unknown`),
      '/items/1/word word',
    ]);
  });

  it('rejects what is larger than any body needs without checking it', async () => {
    const large = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`a${String(i)}`, 0]));
    expect(await refused({ items: [{ word: 'a', x: large }] })).toEqual(['/items/0/x too_many']);
    expect(await refused({ items: Array(201).fill(0) })).toEqual(['/items too_many']);
    expect(await refused(large)).toEqual([' too_many']);
  });
});
