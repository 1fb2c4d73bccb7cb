import { describe, expect, it } from '@jest/globals';
import { openTasks } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

const daily = {
  title: 'Water the plants',
  due: '2999-01-01',
  recurrence: { rule: 'FREQ=DAILY', timeZone: 'UTC' },
};

describe('a task that repeats', () => {
  it('is followed by the next one when it is completed, which goes when it is reopened', async () => {
    const list = await openTasks(web(), '/all', { tasks: [daily] });
    await list.row(daily.title).getByText('1 Jan 2999').waitFor();
    await list.row(daily.title).getByRole('checkbox').click();
    await list.row(daily.title).getByText('2 Jan 2999').waitFor();
    await list.page.getByRole('button', { name: 'Undo' }).click();
    await list.row(daily.title).getByText('1 Jan 2999').waitFor();
    await list.row(daily.title).getByText('2 Jan 2999').waitFor({ state: 'detached' });
    await expect(list.api.list()).resolves.toMatchObject([{ due: '2999-01-01', completed: false }]);
  });
});
