import { describe, expect, it } from '@jest/globals';
import { compareByPosition, type Place, placed, placeOf } from './place';
import { sampleTask } from './sample-task';
import { NO_PLACE, type Task } from './task';

const task = (id: string, position: string, fields: Partial<Task> = {}) =>
  sampleTask({ id, position, ...fields });

/** Moves tasks one after the other; returns the ids in order. */
function order(tasks: readonly Task[], ...moves: [id: string, to: Place][]): string[] {
  const known = new Map(tasks.map((one) => [one.id, one]));
  for (const [id, to] of moves) {
    const one = known.get(id);
    if (one) known.set(id, placed(one, to, known.values()));
  }
  return [...known.values()].sort(compareByPosition).map(({ id }) => id);
}

const abc = [task('a', 'y01'), task('b', 'y02'), task('c', 'y03')];
const top = { parentId: null };

describe('placed', () => {
  it('puts a task beside another one, or at the end', () => {
    expect(order(abc, ['c', { ...top, before: 'a' }])).toEqual(['c', 'a', 'b']);
    expect(order(abc, ['c', { ...top, after: 'a' }])).toEqual(['a', 'c', 'b']);
    expect(order(abc, ['a', top])).toEqual(['b', 'c', 'a']);
  });

  it('finds room between the same two again and again', () => {
    const many = [...abc, task('d', 'y04'), task('e', 'y05')];
    const moves = ['e', 'd', 'c'].map((id): [string, Place] => [id, { ...top, after: 'a' }]);
    expect(order(many, ...moves)).toEqual(['a', 'c', 'd', 'e', 'b']);
    const back = ['e', 'd', 'c', 'b'].map((id): [string, Place] => [id, { ...top, before: 'a' }]);
    expect(order(many, ...back)).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('takes the list of the sibling or parent', () => {
    const [a = task('', '')] = abc;
    const parent = task('p', 'y09', { listId: 'l' });
    expect(placed(a, { parentId: 'p' }, [...abc, parent])).toMatchObject({
      parentId: 'p',
      listId: 'l',
    });
  });

  it('keeps a task last that the server has not placed', () => {
    const fresh = task('n', NO_PLACE.position, { version: 0, createdAt: '2026-11-28T00:00:00Z' });
    expect(order([fresh, ...abc])).toEqual(['a', 'b', 'c', 'n']);
    expect(order([fresh, ...abc], ['a', { ...top, after: 'n' }])).toEqual(['b', 'c', 'n', 'a']);
  });
});

describe('placeOf', () => {
  it('leads back to where a task was', () => {
    for (const one of abc) {
      const away = placed(one, top, abc);
      const known = abc.map((other) => (other === one ? away : other));
      const back = placed(away, placeOf(one, abc), known);
      const ids = known.map((other) => (other === away ? back : other)).sort(compareByPosition);
      expect(ids.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    }
  });
});
