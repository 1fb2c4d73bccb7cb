import { describe, expect, it } from '@jest/globals';
import { Problem } from './problem.js';
import { ProblemValidationPipe } from './validation.pipe.js';
import { eachRule, rule } from './validators.js';

class Body {
  @rule('word', (value) => typeof value === 'string', 'must be a word')
  word!: string;

  @eachRule('small', (element) => Number(element) < 10, 'must be small')
  numbers?: number[];
}

class OptionalBody extends Body {
  static readonly bodyIsOptional = true;
}

const pipe = new ProblemValidationPipe();

const transform = (value: unknown, type: 'body' | 'query' = 'body', metatype = Body) =>
  pipe.transform(value, { type, metatype });

/** What is refused, as `place code`. */
async function refusal(value: unknown, type: 'body' | 'query' = 'body'): Promise<unknown> {
  const error: unknown = await transform(value, type).catch((thrown: unknown) => thrown);
  if (!(error instanceof Problem)) return error;
  return [
    error.code,
    ...error.errors.map(({ pointer, parameter = '', code }) => `${pointer ?? parameter} ${code}`),
  ];
}

describe('the validation pipe', () => {
  it('makes a valid body an instance of its class', async () => {
    const body = await transform({ word: 'a', numbers: [1] });
    expect(body).toBeInstanceOf(Body);
    expect(body).toEqual({ word: 'a', numbers: [1] });
  });

  it('throws what the body parser left in the place of a body', async () => {
    const problem = new Problem('invalid_json', 'Not JSON.');
    await expect(transform(problem)).rejects.toBe(problem);
  });

  it('lets a body be missing where that means something', async () => {
    expect(await transform(undefined, 'body', OptionalBody)).toBeUndefined();
    expect(await refusal(undefined)).toEqual(['invalid_json']);
  });

  it.each([[null], [[]], ['a'], [1], [true]])('wants an object, not %j', async (value) => {
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
  it('refuses names that every object has like any other unknown name', async () => {
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

  it('names parameters where a body has pointers', async () => {
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
