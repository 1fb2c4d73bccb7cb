import { describe, expect, it } from '@jest/globals';
import { linksIn } from './notes';

describe('linksIn', () => {
  it.each([
    { text: 'see https://example.org/a?b=c#d.', found: ['https://example.org/a?b=c#d'] },
    { text: '(see https://example.org/)', found: ['https://example.org/'] },
    {
      text: 'https://example.org/a_(b), HTTP://EXAMPLE.ORG',
      found: ['https://example.org/a_(b)', 'HTTP://EXAMPLE.ORG'],
    },
    { text: 'mailto:a@example.org', found: ['mailto:a@example.org'] },
    {
      text: 'https://a.example, https://b.example',
      found: ['https://a.example', 'https://b.example'],
    },
    { text: 'https://a.example https://a.example', found: ['https://a.example'] },
  ])('finds the links of "$text"', ({ text, found }) => {
    expect(linksIn(text)).toEqual(found);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x file:///etc/passwd',
    '<a href="javascript:alert(1)">x</a>',
    'http://',
    'https://[',
    'plain text',
    '',
  ])('leaves "%s" as text', (text) => {
    expect(linksIn(text)).toEqual([]);
  });
});
