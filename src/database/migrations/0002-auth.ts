import { Migration } from '@mikro-orm/migrations';
import { IDENTITY_ROLE } from '../connection.js';

/**
 * Tables of Better Auth 1.7; a test compares them with those that the library itself would create.
 */
const TABLES = [
  `create table auth."user" (
    "id" text not null primary key,
    "name" text not null,
    "email" text not null unique,
    "emailVerified" boolean not null,
    "image" text,
    "createdAt" timestamptz default current_timestamp not null,
    "updatedAt" timestamptz default current_timestamp not null
  )`,
  `create table auth."session" (
    "id" text not null primary key,
    "expiresAt" timestamptz not null,
    "token" text not null unique,
    "createdAt" timestamptz default current_timestamp not null,
    "updatedAt" timestamptz not null,
    "ipAddress" text,
    "userAgent" text,
    "userId" text not null references auth."user" ("id") on delete cascade
  )`,
  `create table auth."account" (
    "id" text not null primary key,
    "accountId" text not null,
    "providerId" text not null,
    "userId" text not null references auth."user" ("id") on delete cascade,
    "accessToken" text,
    "refreshToken" text,
    "idToken" text,
    "accessTokenExpiresAt" timestamptz,
    "refreshTokenExpiresAt" timestamptz,
    "scope" text,
    "password" text,
    "createdAt" timestamptz default current_timestamp not null,
    "updatedAt" timestamptz not null
  )`,
  `create table auth."verification" (
    "id" text not null primary key,
    "identifier" text not null,
    "value" text not null,
    "expiresAt" timestamptz not null,
    "createdAt" timestamptz default current_timestamp not null,
    "updatedAt" timestamptz default current_timestamp not null
  )`,
  `create table auth."jwks" (
    "id" text not null primary key,
    "publicKey" text not null,
    "privateKey" text not null,
    "createdAt" timestamptz not null,
    "expiresAt" timestamptz,
    "alg" text,
    "crv" text
  )`,
];

/** Users, sessions and signing keys, in a schema that the API's role cannot look into. */
export class Migration0002Auth extends Migration {
  override up(): void {
    this.addSql('create schema auth');
    for (const table of TABLES) this.addSql(table);
    this.addSql('create index "session_userId_idx" on auth."session" ("userId")');
    this.addSql('create index "account_userId_idx" on auth."account" ("userId")');
    this.addSql('create index "verification_identifier_idx" on auth."verification" ("identifier")');
    this.addSql(`grant usage on schema auth to ${IDENTITY_ROLE}`);
    this.addSql(
      `grant select, insert, update, delete on all tables in schema auth to ${IDENTITY_ROLE}`,
    );
  }

  override down(): void {
    this.addSql('drop schema auth cascade');
  }
}
