import { describe, expect, it } from '@jest/globals';
import openapi from '../../../openapi.json' with { type: 'json' };
import { fieldErrors, problemErrors } from './rules';

const { properties: createTask } = openapi.components.schemas.CreateTask;

describe('fieldErrors', () => {
  it.each([
    { name: 'a title', fields: { title: 'x' } },
    { name: 'a title of 255 emoji', fields: { title: '🥛'.repeat(255) } },
    { name: 'no description', fields: { description: null } },
    { name: 'a description of 10,000 characters', fields: { description: '🥛'.repeat(10_000) } },
    { name: 'a day', fields: { due: '2028-02-29' } },
    { name: 'an instant', fields: { due: '2026-12-24T18:00:00.000Z' } },
    { name: 'twenty tags', fields: { tags: Array.from({ length: 20 }, (_, i) => `t${i}`) } },
    { name: 'a tag of 50 emoji', fields: { tags: ['🥛'.repeat(50)] } },
  ])('takes $name', ({ fields }) => {
    expect(fieldErrors(fields)).toEqual([]);
  });

  it.each([
    { fields: { title: ' \n' }, field: 'title', code: 'too_short' },
    { fields: { title: '🥛'.repeat(256) }, field: 'title', code: 'too_long' },
    { fields: { title: 'a\0b' }, field: 'title', code: 'unicode' },
    { fields: { title: 'a\ud800b' }, field: 'title', code: 'unicode' },
    { fields: { description: 'x'.repeat(10_001) }, field: 'description', code: 'too_long' },
    { fields: { description: '\0' }, field: 'description', code: 'unicode' },
    { fields: { due: '2026-02-30' }, field: 'due', code: 'due' },
    { fields: { due: 'tomorrow' }, field: 'due', code: 'due' },
    { fields: { due: '0000-01-01' }, field: 'due', code: 'due' },
    {
      fields: { tags: Array.from({ length: 21 }, (_, i) => `t${i}`) },
      field: 'tags',
      code: 'too_many',
    },
    { fields: { tags: ['ß', 'SS'] }, field: 'tags', code: 'duplicate' },
    { fields: { tags: [' '] }, field: 'tags', code: 'element_too_short' },
    { fields: { tags: ['x'.repeat(51)] }, field: 'tags', code: 'element_too_long' },
    { fields: { tags: ['\ud800'] }, field: 'tags', code: 'element_unicode' },
  ])('refuses $field with $code', ({ fields, field, code }) => {
    expect(fieldErrors(fields)).toEqual([{ field, code }]);
  });
});

describe('the limits', () => {
  const { title, description, tags } = createTask;

  it.each([
    { name: 'title', max: title.maxLength, of: (n: number) => ({ title: 'x'.repeat(n) }) },
    {
      name: 'description',
      max: description.maxLength,
      of: (n: number) => ({ description: 'x'.repeat(n) }),
    },
    {
      name: 'tags',
      max: tags.maxItems,
      of: (n: number) => ({ tags: Array.from({ length: n }, (_, i) => `t${i}`) }),
    },
    { name: 'a tag', max: tags.items.maxLength, of: (n: number) => ({ tags: ['x'.repeat(n)] }) },
  ])('of $name is that of openapi.json', ({ max, of }) => {
    expect(fieldErrors(of(max))).toEqual([]);
    expect(fieldErrors(of(max + 1))).toHaveLength(1);
  });
});

describe('problemErrors', () => {
  it('finds the field of each error, and leaves the others', () => {
    const errors = [
      { pointer: '/title', code: 'too_long', detail: 'must be at most 255 characters' },
      { pointer: '/tags/3', code: 'too_long', detail: 'must be at most 50 characters' },
      { pointer: '/operations/7/patch/due', code: 'due', detail: 'must be a date' },
      { pointer: '/operations', code: 'too_many', detail: 'must be at most 100' },
    ];
    expect(problemErrors({ errors })).toEqual([
      { field: 'title', code: 'too_long', detail: 'must be at most 255 characters' },
      { field: 'tags', code: 'element_too_long', detail: 'must be at most 50 characters' },
      { field: 'due', code: 'due', detail: 'must be a date' },
    ]);
  });
});
