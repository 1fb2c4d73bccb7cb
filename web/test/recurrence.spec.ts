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
  it('is read in the line that adds it, which shows how it was understood', async () => {
    const list = await openTasks(web());
    await list.add.fill('Bins every 2 weeks on Monday 9am #home');
    await list.page.getByRole('button', { name: 'Repeats every 2 weeks on Monday' }).waitFor();
    await list.add.press('Enter');
    await list.row('Bins').getByText('Repeats every 2 weeks on Monday').waitFor();
    await list.sent();
    const [task] = await list.api.list();
    expect(task).toMatchObject({
      title: 'Bins',
      tags: ['home'],
      recurrence: { rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO', timeZone: 'Europe/Berlin' },
    });
    expect(new Date(task?.due ?? '').getUTCDay()).toBe(1);
    await list.add.fill('Read every day');
    await list.page.getByRole('button', { name: 'Repeats every day' }).click();
    await list.add.press('Enter');
    await list.row('Read every day').waitFor();
  });

  it('is followed by the next one when it is completed, which goes when it is reopened', async () => {
    const list = await openTasks(web(), '/all', { tasks: [daily] });
    await list.row(daily.title).getByText('1 Jan 2999').waitFor();
    await list.row(daily.title).getByRole('checkbox').click();
    await list.row(daily.title).getByText('2 Jan 2999').waitFor();
    await list.page.getByText('Completed “Water the plants” – next: 2 Jan 2999').waitFor();
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

  it('goes on to its next date without a connection, too, and back', async () => {
    const list = await openTasks(web(), '/all', { tasks: [daily] });
    await list.row(daily.title).waitFor();
    await list.goOffline();
    await list.page.keyboard.press('j');
    for (let skips = 0; skips < 3; skips += 1) await list.page.keyboard.press('w');
    await list.page.getByText('3 changes wait and will be sent.').waitFor();
    await list.page.keyboard.press('u');
    await list.page.getByText('2 changes wait and will be sent.').waitFor();
    await list.goOnline();
    await list.row(daily.title).getByText('3 Jan 2999').waitFor();
    await list.sent();
    await list.page.keyboard.press('u');
    await list.row(daily.title).getByText('2 Jan 2999').waitFor();
    await list.sent();
    await expect(list.api.list()).resolves.toMatchObject([{ due: '2999-01-02' }]);
  });

  it('keeps a date that was set elsewhere meanwhile, and the skip follows any other change', async () => {
    const other = { ...daily, title: 'Feed the cat' };
    const list = await openTasks(web(), '/all', { tasks: [other, daily] });
    await list.row(daily.title).waitFor();
    const stored = await list.api.list();
    const idOf = (title: string) => stored.find((task) => task.title === title)?.id ?? '';
    await list.goOffline();
    for (const title of [daily.title, other.title])
      await list.row(title).getByRole('button', { name: 'Skip this date' }).click();
    await list.api.patch(idOf(daily.title), { due: '2999-02-01' });
    await list.api.patch(idOf(other.title), { priority: 'high' });
    await list.goOnline();
    const text = '“Water the plants” was changed or deleted elsewhere meanwhile';
    await list.page.getByText(text).waitFor();
    await list.row(daily.title).getByText('1 Feb 2999').waitFor();
    await list.row(other.title).getByText('2 Jan 2999').waitFor();
  });

  it('goes on to its next date by a key, until there is none', async () => {
    const recurrence = { rule: 'FREQ=DAILY;COUNT=2', timeZone: 'UTC' };
    const list = await openTasks(web(), '/all', { tasks: [{ ...daily, recurrence }] });
    await list.row(daily.title).getByText('1 Jan 2999').waitFor();
    await list.page.keyboard.press('j');
    await list.page.keyboard.press('w');
    await list.row(daily.title).getByText('2 Jan 2999').waitFor();
    await list.page.getByText('without an undo: it counts its dates – next: 2 Jan 2999').waitFor();
    await list.page.keyboard.press('w');
    await list.page.getByText('“Water the plants” keeps its date. It has no next date.').waitFor();
    await expect(list.api.list()).resolves.toMatchObject([{ due: '2999-01-02' }]);
  });
});
