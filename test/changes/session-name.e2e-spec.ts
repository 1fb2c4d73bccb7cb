import { expect, it } from '@jest/globals';
import type { HistoryDto } from '../../src/resource/history.dto.js';
import { useApp } from '../support/app.js';
import { signUp } from '../support/client.js';

const app = useApp();

it('a history names the session by the program that signed in', async () => {
  const user = await signUp(app.url);
  const { id } = await user.create();
  const { body } = await user.api<HistoryDto>(`/tasks/${id}/history`);
  expect(body.data.map(({ by }) => by)).toEqual([{ type: 'session', name: 'node' }]);
});
