import { type Failure, formatPath } from '../validation/index.js';

/** A rule that only the database can decide. */
export interface StoredRule {
  readonly code: string;
  readonly rule: string;
}

/** The rule of an id, broken alike by one that is made up, someone else's, or in the trash. */
export const MUST_BE_THERE: StoredRule = {
  code: 'not_found',
  rule: 'must be the id of one that is there',
};

/** Returns the failure of a field that breaks a rule. */
export const failureOf = (path: readonly string[], { code, rule }: StoredRule): Failure => ({
  path,
  code,
  detail: `${formatPath(path)} ${rule}`,
});
