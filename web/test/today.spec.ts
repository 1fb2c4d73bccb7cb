import { describe, expect, it } from '@jest/globals';
import { openTasks } from './support/task-page.js';
import { useWeb } from './support/web.js';

const web = useWeb();

describe('the day', () => {
  it('changes at midnight, where the person is', async () => {
    const list = await openTasks(web(), '/today', {
      tasks: [{ title: 'tomorrow', due: '2030-01-02' }],
    });
    const { page } = list;
    // In Berlin, where the browser is.
    await page.clock.install({ time: '2030-01-01T22:45:00+01:00' });
    await page.reload();
    await page.getByText('Nothing is due today.').waitFor();
    await page.clock.fastForward('01:01:00');
    await expect(list.row('tomorrow').count()).resolves.toBe(0);
    await page.clock.fastForward('15:00');
    await list.row('tomorrow').waitFor();
  });
});
