import { describe, expect, it } from '@jest/globals';
import { API_ROLE, migrationUrlFor, urlFor } from './connection.js';

const optionsOf = (url: string) => new URL(url).searchParams.getAll('options');

describe('urlFor', () => {
  it('starts every connection as the role, in its schema, in UTC, with time limits', () => {
    expect(optionsOf(urlFor('postgres://u:p@h:1/d', API_ROLE))).toEqual([
      '-c role=taskward_api -c search_path=public -c TimeZone=UTC -c DateStyle=ISO ' +
        '-c plan_cache_mode=force_generic_plan -c statement_timeout=10000 ' +
        '-c idle_in_transaction_session_timeout=10000',
    ]);
    expect(optionsOf(urlFor('postgres://h/d', 'r', 'auth'))[0]).toContain('-c search_path=auth');
  });

  it.each([
    { name: 'user and password', url: 'postgres://u%40x:p%2Fw%3F@h:1/d' },
    { name: 'an IPv6 address', url: 'postgres://u@[::1]:5432/d' },
    { name: 'a socket', url: 'postgres:///d?host=/var/run/postgresql' },
    { name: 'TLS', url: 'postgres://h/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem' },
  ])('keeps $name', ({ url }) => {
    const [before, after] = [new URL(url), new URL(urlFor(url, API_ROLE))];
    after.searchParams.delete('options');
    expect([...after.searchParams]).toEqual([...before.searchParams]);
    for (const part of ['protocol', 'username', 'password', 'host', 'pathname'] as const) {
      expect(after[part]).toBe(before[part]);
    }
  });

  it('puts the options of the URL first, so that ours win', () => {
    const [options] = optionsOf(urlFor('postgres://h/d?options=-c%20role%3Dpostgres', API_ROLE));
    expect(options).toMatch(/^-c role=postgres -c role=taskward_api /);
  });
});

describe('migrationUrlFor', () => {
  it('sets the schema, and no role', () => {
    const url = migrationUrlFor('postgres://h/d?options=-c%20search_path%3Dmine');
    expect(optionsOf(url)).toEqual(['-c search_path=mine -c search_path=public']);
  });
});
