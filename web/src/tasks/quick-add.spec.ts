import { describe, expect, it } from '@jest/globals';
import { lineWords } from './line-words';
import { parseQuickAdd } from './quick-add';

/** A Friday, one in the afternoon in Berlin. */
const NOW = new Date('2026-11-27T12:00:00Z');
const berlin = { language: 'en-GB', timeZone: 'Europe/Berlin', now: NOW };
const german = { ...berlin, language: 'de-DE' };

const read = (line: string, writer = berlin, ignored: string[] = []) => {
  const { fields } = parseQuickAdd(line, writer, lineWords, new Set(ignored));
  const { title, due, tags, priority } = fields;
  return { title, due, tags, priority };
};

const nothing = { due: null, tags: [], priority: 'none' };

describe('parseQuickAdd', () => {
  it('reads the due, tags and priority, and leaves the title', () => {
    expect(read('milk tomorrow 9am #home !high')).toEqual({
      title: 'milk',
      due: '2026-11-28T08:00:00.000Z',
      tags: ['home'],
      priority: 'high',
    });
  });

  it('finds the due before tags', () => {
    expect(read('Pay rent on 1 December #home #money')).toEqual({
      title: 'Pay rent',
      due: '2026-12-01',
      tags: ['home', 'money'],
      priority: 'none',
    });
  });

  it('says which words it took', () => {
    const { tokens } = parseQuickAdd('milk tomorrow 9am #home !high', berlin, lineWords);
    expect(tokens).toEqual([
      { kind: 'tag', text: '#home' },
      { kind: 'priority', text: '!high' },
      { kind: 'due', text: 'tomorrow 9am' },
    ]);
  });

  it.each([
    { line: 'milk tomorrow', title: 'milk', due: '2026-11-28' },
    { line: 'call Bob on friday', title: 'call Bob', due: '2026-12-04' },
    { line: 'on friday call Bob', title: 'call Bob', due: '2026-12-04' },
    { line: 'pay rent 1 December', title: 'pay rent', due: '2026-12-01' },
    { line: 'gifts 24/12/2026', title: 'gifts', due: '2026-12-24' },
    { line: 'gifts 2026-12-24', title: 'gifts', due: '2026-12-24' },
    { line: 'gym sat', title: 'gym', due: '2026-11-28' },
    { line: 'report next week', title: 'report', due: '2026-12-04' },
    { line: 'tea in 5 minutes', title: 'tea', due: '2026-11-27T12:05:00.000Z' },
    { line: 'dinner tonight', title: 'dinner', due: '2026-11-27T19:00:00.000Z' },
    { line: 'run tomorrow morning', title: 'run', due: '2026-11-28T08:00:00.000Z' },
    { line: 'lunch at noon', title: 'lunch', due: '2026-11-28T11:00:00.000Z' },
    { line: 'taxes by friday', title: 'taxes', due: '2026-12-04' },
    { line: 'call 9am PST', title: 'call', due: '2026-11-27T17:00:00.000Z' },
    {
      line: 'party tomorrow from 3 to 5pm',
      title: 'party tomorrow from 3 to 5pm',
      due: '2026-11-28T14:00:00.000Z',
    },
  ])('reads the due of "$line"', ({ line, title, due }) => {
    expect(read(line)).toEqual({ ...nothing, title, due });
  });

  it.each([
    {
      line: 'Milch morgen 9 Uhr #Küche !hoch',
      title: 'Milch',
      due: '2026-11-28T08:00:00.000Z',
      tags: ['Küche'],
      priority: 'high',
    },
    { line: 'Miete am Freitag', title: 'Miete', due: '2026-12-04' },
    { line: 'Geschenke 24.12.', title: 'Geschenke', due: '2026-12-24' },
    { line: 'Geschenke 24.12. 18:00', title: 'Geschenke', due: '2026-12-24T17:00:00.000Z' },
    { line: 'Bericht nächste Woche', title: 'Bericht', due: '2026-12-04' },
    { line: 'Arzt nächsten Montag um 14 Uhr', title: 'Arzt', due: '2026-11-30T13:00:00.000Z' },
    { line: 'Sport in 3 Tagen', title: 'Sport', due: '2026-11-30' },
    { line: 'Essen heute Abend', title: 'Essen', due: '2026-11-27T18:00:00.000Z' },
  ])('reads German: "$line"', ({ line, ...expected }) => {
    expect(read(line, german)).toEqual({ ...nothing, ...expected });
  });

  it('understands the other language, too', () => {
    expect(read('Milch morgen', berlin)).toMatchObject({ title: 'Milch', due: '2026-11-28' });
    expect(read('milk tomorrow', german)).toMatchObject({ title: 'milk', due: '2026-11-28' });
  });

  it.each([
    'Sun cream',
    'So ein Mist',
    'guten Morgen sagen',
    'learn the march',
    'call May',
    'read 1984',
    'bus 42',
    'pills 3 times a day',
    'stretch for 20 min',
    'see last friday',
    'do it now',
    'früh aufstehen',
    'issue #17',
    'wow!high',
    'C# and F#',
    'a#b',
    '#',
    '!',
    '!urgent',
    '## heading',
    `# ${'x'.repeat(3)}`,
    `#${'x'.repeat(51)}`,
    '<script>alert(1)</script>',
    "Robert'); DROP TABLE tasks;--",
  ])('leaves "%s" as it is', (line) => {
    expect(read(line)).toEqual({ ...nothing, title: line });
    expect(read(line, german)).toEqual({ ...nothing, title: line });
  });

  it('keeps a title of dates alone', () => {
    expect(read('tomorrow')).toEqual({ ...nothing, title: 'tomorrow' });
  });

  it('leaves what the person took back', () => {
    expect(read('watch Friday #13th', berlin, ['Friday'])).toEqual({
      ...nothing,
      title: 'watch Friday',
      tags: ['13th'],
    });
    expect(read('watch #home !high', berlin, ['#home', '!high'])).toEqual({
      ...nothing,
      title: 'watch #home !high',
    });
  });

  it('takes each tag once, in any spelling, and a quoted one whole', () => {
    expect(read('x #Straße #STRASSE #"two words" #home,').tags).toEqual([
      'Straße',
      'two words',
      'home',
    ]);
  });

  it('writes days before months unless the person is American', () => {
    expect(read('x 3/4/2027').due).toBe('2027-04-03');
    expect(read('x 3/4/2027', { ...berlin, language: 'en-US' }).due).toBe('2027-03-04');
  });

  it.each([
    { timeZone: 'America/Los_Angeles', due: '2026-11-28T17:00:00.000Z' },
    { timeZone: 'Asia/Kathmandu', due: '2026-11-28T03:15:00.000Z' },
    { timeZone: 'Pacific/Kiritimati', due: '2026-11-28T19:00:00.000Z' },
  ])('means nine o’clock in $timeZone', ({ timeZone, due }) => {
    expect(read('milk tomorrow 9am', { ...berlin, timeZone }).due).toBe(due);
  });

  it('means the clocks of the day itself, across a change of the clocks', () => {
    const writer = { ...berlin, now: new Date('2027-03-27T12:00:00Z') };
    expect(read('milk tomorrow 9am', writer).due).toBe('2027-03-28T07:00:00.000Z');
    expect(read('milk today 6pm', writer).due).toBe('2027-03-27T17:00:00.000Z');
  });
});
