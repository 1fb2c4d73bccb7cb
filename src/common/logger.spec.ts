import { describe, expect, it, jest } from '@jest/globals';
import { type Logger, pino } from 'pino';
import { NestLogger } from './logger.js';

describe('a plain message', () => {
  it.each([
    { context: 'Purge', level: 'info' },
    { context: 'RouterExplorer', level: 'debug' },
  ])('of $context is logged as $level', ({ context, level }) => {
    const levels = { info: jest.fn(), debug: jest.fn() };
    new NestLogger(levels as unknown as Logger).log('Done.', context);
    const calls = { info: [] as unknown[], debug: [] as unknown[] };
    expect({ info: levels.info.mock.calls, debug: levels.debug.mock.calls }).toEqual({
      ...calls,
      [level]: [[{ context }, 'Done.']],
    });
  });
  it('keeps what looks like a format to the letter', () => {
    const lines: string[] = [];
    const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
    const text = '%s %d %j %o %O %% %c';
    new NestLogger(logger).log(text, 'Auth');
    new NestLogger(logger).warn(text, { text }, 'Auth');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([text, text]);
  });
});
