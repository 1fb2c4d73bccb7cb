import { expect, it } from '@jest/globals';
import type { ExportedTask } from '../tasks/index.js';
import { EXPORT_FORMATS, type ExportFormat } from './export-formats.js';
import { ExportedData } from './exported-data.js';

const TASKS = 20_000;
const DESCRIPTION = 'x'.repeat(1_000);

const idOf = (number: number) => `019aa1c4-6f2e-7c3a-9d51-${number.toString(16).padStart(12, '0')}`;
const numberOf = (id: string) => Number.parseInt(id.slice(24), 16);

const exportedTask = (number: number): ExportedTask => ({
  task: {
    id: idOf(number),
    title: `Task ${String(number)}`,
    description: DESCRIPTION,
    completed: false,
    completedAt: null,
    priority: 'none',
    due: null,
    tags: [],
    listId: null,
    parentId: null,
    recurrence: null,
    seriesId: null,
    position: 'a0',
    createdAt: '2026-11-20T17:29:00.000Z',
    updatedAt: '2026-11-20T17:29:00.000Z',
    version: 1,
  },
  listName: null,
  stored: null,
  nextTaskId: null,
  isTrashed: false,
  trashedWith: null,
});

it.each(Object.keys(EXPORT_FORMATS) as ExportFormat[])(
  'an export of 20,000 tasks as %s has one page of them in memory',
  async (format) => {
    let pages = 0;
    let written = 0;
    const data = new ExportedData('ada' as never, {
      tasks: {
        exportAfter: (_, afterId, { limit }) => {
          pages += 1;
          // Everything of the previous page has been handed on.
          expect(written).toBe((pages - 1) * limit);
          const first = numberOf(afterId) + 1;
          const count = Math.min(limit, TASKS - first + 1);
          return Promise.resolve(Array.from({ length: count }, (__, n) => exportedTask(first + n)));
        },
      },
      lists: { exportAfter: () => Promise.resolve([]) },
    });
    for await (const text of EXPORT_FORMATS[format].write(data)) {
      written += countOf(text);
      expect(text.length).toBeLessThan(1_000_000);
    }
    expect(written).toBe(TASKS);
    expect(pages).toBe(TASKS / 100 + 1);
  },
);

const countOf = (text: string) => text.match(/Task \d+/g)?.length ?? 0;
