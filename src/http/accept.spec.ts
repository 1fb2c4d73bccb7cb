import { describe, expect, it } from '@jest/globals';
import { acceptsJson, acceptsType } from './accept.js';

describe('acceptsJson', () => {
  it.each([
    undefined,
    '*/*',
    'application/*',
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/problem+json',
    'text/html, application/json',
    'text/html;q=0.9,*/*;q=0.1',
    'application/json;q=0.001',
    'application/json; Q=1.000',
    'text/html;level="a,b;q=0", application/json',
    'text/html, application/json;v="\\""',
    '*/*;q=0, application/json',
    'application/*;q=0, application/json',
    'application/json, */*;q=0',
    'application/json;q=0, application/problem+json',
    'application/problem+json;q=0, */*',
    'application/json;v=1;q=0, application/json',
    'text/html,, application/json ,',
    'text/html, application/json ; q=1',
    'text/html, application/json;',
  ])('is true for %j', (accept) => {
    expect(acceptsJson(accept)).toBe(true);
  });

  it.each([
    'text/html',
    'text/*',
    'application/xml',
    'application/json5',
    'application/jsonp',
    'text/json',
    'application/ld+json',
    'application/json;q=0',
    'application/json;q=0.',
    'application/json; q=0.000',
    '*/*;q=0',
    'application/json;q=0, */*',
    'application/*;q=0, */*',
    'text/html, application/problem+json;q=0',
    'text/html;x="application/json, */*"',
    'text/html;q=1, image/*;q=0.5',
    ',text/html,',
  ])('is false for %j', (accept) => {
    expect(acceptsJson(accept)).toBe(false);
  });

  it.each([
    '',
    ' , ',
    'html',
    'text/',
    '/html',
    '*',
    '*/html',
    'text/html/x',
    'text/html;q=2',
    'text/html;q=1.1',
    'text/html;q=0.1234',
    'text/html;q=-1',
    'text/html;q=',
    'text/html;q',
    'text/html;q=0=1',
    'text/h tml',
    'text/html image/png',
    'text/html;x="a',
    'text/html;x="\\"',
    'text/html, é/é',
  ])('accepts %j, which excludes nothing', (accept) => {
    expect(acceptsJson(accept)).toBe(true);
  });

  it.each([
    '"\\'.repeat(50_000),
    ';'.repeat(100_000),
    'text/html' + ' ; '.repeat(30_000) + '!',
    '"'.repeat(100_001),
    'a/b,'.repeat(25_000),
    `text/html;q=0.${'0'.repeat(100_000)}`,
  ])('takes linear time', (accept) => {
    // On the processor, whatever else the machine does.
    const start = process.cpuUsage();
    acceptsJson(accept);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1_000).toBeLessThan(300);
  });
});

describe('acceptsType', () => {
  it.each([
    { accept: 'text/event-stream', accepted: true },
    { accept: 'text/*;q=0.5', accepted: true },
    { accept: '*/*', accepted: true },
    { accept: undefined, accepted: true },
    { accept: 'text/html, text/event-stream', accepted: true },
    { accept: 'application/json', accepted: false },
    { accept: 'text/html', accepted: false },
    { accept: '*/*, text/event-stream;q=0', accepted: false },
  ])('is $accepted for $accept', ({ accept, accepted }) => {
    expect(acceptsType(accept, 'text/event-stream')).toBe(accepted);
  });
});
