export {
  bodyProblem,
  type Failure,
  formatPath,
  MAX_ERRORS,
  queryProblem,
} from './input-failures.js';
export { findOversize, isDeeperThan, MAX_DEPTH } from './input-size.js';
export { Nested, NestedEach } from './nested.js';
export { InvalidInput, validateInput } from './validate-input.js';
export { ProblemValidationPipe } from './validation.pipe.js';
export {
  eachMemberRule,
  eachRule,
  ifString,
  hasMaxLength,
  isNotBlank,
  isStorable,
  LowerCased,
  rule,
  Trimmed,
} from './validators.js';
