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

  it('is made in the editor, which says the rule in words', async () => {
    const list = await openTasks(web(), '/all', { tasks: [{ title: 'Bins', due: '2999-01-03' }] });
    const editor = await list.edit('Bins');
    await editor.getByLabel('Repeat', { exact: true }).last().selectOption('WEEKLY');
    await editor.getByLabel('Every (Weeks)').fill('2');
    await editor.getByRole('button', { name: 'Monday' }).click();
    await editor.getByText('every 2 weeks on Monday').waitFor();
    await editor.getByRole('button', { name: 'Save' }).click();
    await list.row('Bins').getByText('Repeats every 2 weeks on Monday').waitFor();
    await list.sent();
    const [task] = await list.api.list();
    expect(task).toMatchObject({
      recurrence: { rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO', basis: 'due' },
    });
    const saved = await list.edit('Bins');
    await saved.getByText(/^Next: 14 Jan 2999/).waitFor();
  });

  it('loses its recurrence with its due, and keeps a rule that the picker cannot show', async () => {
    const rule = 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29';
    const recurrence = { rule, timeZone: 'UTC' };
    const leap = { title: 'Leap day', due: '2999-02-01', recurrence };
    const list = await openTasks(web(), '/all', { tasks: [leap] });
    const editor = await list.edit(leap.title);
    await editor.getByText(rule).waitFor();
    await editor.getByLabel('Title').fill('Leap');
    await editor.getByRole('button', { name: 'Save' }).click();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ recurrence: { rule } }]);
    await list.edit('Leap');
    await editor.getByRole('button', { name: 'No date' }).click();
    await editor.getByRole('button', { name: 'Save' }).click();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ recurrence: null, due: null }]);
  });

  it('goes on to its next date by a key, until there is none', async () => {
    const recurrence = { rule: 'FREQ=DAILY;COUNT=2', timeZone: 'UTC' };
    const list = await openTasks(web(), '/all', { tasks: [{ ...daily, recurrence }] });
    await list.row(daily.title).getByText('1 Jan 2999').waitFor();
    await list.page.keyboard.press('j');
    await list.page.keyboard.press('w');
    await list.row(daily.title).getByText('2 Jan 2999').waitFor();
    await list.page.getByText('Skipped a date of “Water the plants”').waitFor();
    await list.page.keyboard.press('w');
    await list.page.getByText('“Water the plants” keeps its date. It has no next date.').waitFor();
    await expect(list.api.list()).resolves.toMatchObject([{ due: '2999-01-02' }]);
  });
});
