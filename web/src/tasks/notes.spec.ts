import { describe, expect, it } from '@jest/globals';
import { textParts } from './notes';

const links = (text: string) => textParts(text).flatMap(({ href }) => href ?? []);

describe('textParts', () => {
  it.each([
    { text: 'see https://example.org/a?b=c#d.', found: ['https://example.org/a?b=c#d'] },
    { text: '(see https://example.org/)', found: ['https://example.org/'] },
    {
      text: 'https://example.org/a_(b), HTTP://EXAMPLE.ORG',
      found: ['https://example.org/a_(b)', 'HTTP://EXAMPLE.ORG'],
    },
    { text: 'mailto:a@example.org', found: ['mailto:a@example.org'] },
  ])('finds the links of "$text"', ({ text, found }) => {
    expect(links(text)).toEqual(found);
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
    expect(links(text)).toEqual([]);
  });

  it('keeps every character', () => {
    const text = 'a https://example.org/x, b\n\nmailto:x@y.z <script>';
    expect(
      textParts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });
});
