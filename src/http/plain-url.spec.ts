import { describe, expect, it } from '@jest/globals';
import { plainUrl } from './plain-url.js';

describe('plainUrl', () => {
  it.each([
    { url: '/api/v1/tasks?q=%61', plain: '/api/v1/tasks?q=%61' },
    { url: '/%61pi/v1/%74asks?q=%61', plain: '/api/v1/tasks?q=%61' },
    { url: 'http://host/api/v1/tasks', plain: '/api/v1/tasks' },
    { url: 'HTTPS://host:8443/api?a=http://b', plain: '/api?a=http://b' },
    { url: 'http://[::1]:3000/a', plain: '/a' },
    { url: 'http://host', plain: '/' },
    { url: 'http://host?a=1', plain: '/?a=1' },
    { url: '/%7e%2D%5F', plain: '/~-_' },
  ])('takes $url as $plain', ({ url, plain }) => {
    expect(plainUrl(url)).toBe(plain);
  });

  it.each(['*', '/', '/%2e%2e/a', '/%2E', '/a%2fb', '/%', '/%zz', '/%c3%a9', '/%20', 'ftp://x/a'])(
    'leaves %s as it is',
    (url) => {
      expect(plainUrl(url)).toBe(url);
    },
  );

  it.each(['http://[::1/a', 'http://a b/c'])('leaves %s, whose host is none, as it is', (url) => {
    expect(plainUrl(url)).toBe(url);
  });

  it('takes away every escape of an unreserved character but the dot, and no other', () => {
    for (let code = 0; code < 128; code += 1) {
      const character = String.fromCharCode(code);
      const escape = `%${code.toString(16).padStart(2, '0')}`;
      const isPlain = /[A-Za-z0-9_~-]/.test(character);
      expect(plainUrl(`/${escape}`)).toBe(isPlain ? `/${character}` : `/${escape}`);
    }
  });
});
