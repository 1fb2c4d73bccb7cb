import { describe, expect, it } from '@jest/globals';
import { formatEvent } from './event-stream.js';

describe('an event', () => {
  it.each([
    {
      name: 'a name, an id and data',
      event: { event: 'change', id: 'kX2v', data: '{"a":"b\\nc"}' },
      text: 'event: change\nid: kX2v\ndata: {"a":"b\\nc"}\n\n',
    },
    { name: 'an id alone', event: { id: 'kX2v' }, text: 'id: kX2v\n\n' },
    {
      name: 'a delay before the next connection',
      event: { retry: 1_000, event: 'shutdown', data: '{}' },
      text: 'retry: 1000\nevent: shutdown\ndata: {}\n\n',
    },
  ])('has $name', ({ event, text }) => {
    expect(formatEvent(event)).toBe(text);
  });
});
