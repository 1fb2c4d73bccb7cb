export { closeBodies } from './closed-bodies.js';
export { addCommonResponses } from './common-responses.js';
export { declarePublic, NOT_BLANK, stringHeader, WITHOUT_NUL } from './operations.js';
export { hideOptionalExamples } from './optional-parameters.js';
export { problemExample } from './problem-examples.js';
