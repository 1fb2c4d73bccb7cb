import type { components, paths } from './schema.js';

export { type ClientOptions, createClient, ifMatch, type TaskwardClient } from './client.js';
export {
  type Credentials,
  type PasswordSession,
  passwordSession,
  personalToken,
} from './credentials.js';
export {
  ChangeTokenExpiredError,
  ConflictError,
  ListConflictError,
  NetworkError,
  ProblemError,
  SignedOutError,
  TaskwardError,
} from './errors.js';
export type { Change } from './changes.js';
export type { FollowLimits } from './follow.js';
export { MemoryStore, type Snapshot, type Store } from './store.js';
export type { FollowOptions, SyncOptions } from './user-data.js';
export { unverifiedClaims } from './claims.js';
export { randomKey } from './random-key.js';
export type { ProblemCode } from './schema.js';
export type { GetToken } from './token-source.js';

type Schemas = components['schemas'];

export type Task = Schemas['Task'];
export type CreateTask = Schemas['CreateTask'];
export type UpdateTask = Schemas['UpdateTask'];
export type TaskList = Schemas['TaskList'];
export type TaskPage = Schemas['TaskPage'];
/** Filters, sort and page size of the list of tasks. */
export type TaskQuery = NonNullable<paths['/api/v1/tasks']['get']['parameters']['query']>;
export type Feed = Schemas['Feed'];
/** A new calendar feed, with its address. */
export type CreatedFeed = Schemas['CreatedFeed'];
export type PersonalToken = Schemas['PersonalToken'];
/** A new personal token, with the token itself. */
export type CreatedPersonalToken = Schemas['CreatedPersonalToken'];
export type Version = Schemas['Version'];
