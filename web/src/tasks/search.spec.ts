import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFiltered, parseSearch, searchParameters, unfiltered } from './search';

const LIST = '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c91';

describe('parseSearch', () => {
  it('reads what an address says', () => {
    const parameters = {
      q: 'milk',
      list: '019AA1C4-6f2e-7c3a-9d51-2b8f4e6a7c91',
      tags: String.raw`home,a\,b,c\\d`,
      priority: 'high,medium',
      status: 'done',
      due: 'overdue',
      sort: '-due',
    };
    const search = parseSearch(parameters);
    expect(search).toEqual({
      q: 'milk',
      list: LIST,
      tags: ['home', 'a,b', String.raw`c\d`],
      priority: ['medium', 'high'],
      status: 'done',
      due: 'overdue',
      sort: '-due',
    });
    expect(parseSearch(searchParameters(search))).toEqual(search);
  });

  it.each([
    { parameters: { q: '  ' } },
    { parameters: { q: ['a'] } },
    { parameters: { tags: ' , ,' } },
    { parameters: { tags: 'x'.repeat(51) } },
    { parameters: { tags: '\ud800' } },
    { parameters: { priority: 'urgent' } },
    { parameters: { status: 'closed' } },
    { parameters: { due: 'yesterday' } },
    { parameters: { sort: 'owner' } },
    { parameters: { list: 'work' } },
    { parameters: { list: `${LIST},none` } },
    { parameters: { unknown: 'x' } },
  ])('leaves out $parameters', ({ parameters }) => {
    expect(parseSearch(parameters)).toEqual({});
  });

  it('takes a number for words, as a router may parse it', () => {
    expect(parseSearch({ q: 2026, tags: 7 })).toEqual({ q: '2026', tags: ['7'] });
  });

  it('cuts words to the length that the API takes', () => {
    expect(parseSearch({ q: '🥛'.repeat(201) }).q).toBe('🥛'.repeat(200));
  });

  it('reads back any search that it read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (q, tags) => {
        const search = parseSearch({ q, tags });
        expect(parseSearch(searchParameters(search))).toEqual(search);
      }),
    );
  });
});

describe('isFiltered', () => {
  it('does not count the sort', () => {
    expect(isFiltered('all', { sort: 'due' })).toBe(false);
    expect(isFiltered('all', { tags: [] })).toBe(false);
    expect(isFiltered('all', { q: 'x' })).toBe(true);
  });

  it.each([
    { view: 'all' as const, search: { list: LIST }, filtered: false },
    { view: 'all' as const, search: { list: LIST, q: 'x' }, filtered: true },
    { view: 'all' as const, search: { list: 'none' }, filtered: true },
    { view: 'today' as const, search: { list: LIST }, filtered: true },
  ])('counts the list unless the page is of it: $view $search', ({ view, search, filtered }) => {
    expect(isFiltered(view, search)).toBe(filtered);
  });
});

describe('unfiltered', () => {
  it('stays on the page of a list, and drops a filter by one', () => {
    expect(unfiltered('all', { list: LIST, q: 'x' })).toEqual({ list: LIST });
    expect(unfiltered('today', { list: LIST, q: 'x' })).toEqual({});
  });
});
