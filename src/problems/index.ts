export { ApiProblems, describeProblems } from './problem.dto.js';
export { Problem, PROBLEM_JSON, type ProblemCode, type ProblemError, PROBLEMS } from './problem.js';
export { loggableError, errorSummary } from './loggable-error.js';
