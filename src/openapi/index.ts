export { ApiDocument } from './api-document.js';
export { closeBodies } from './closed-bodies.js';
export { addCommonResponses } from './common-responses.js';
export { declarePublic, NOT_BLANK, operationsOf, stringHeader, WITHOUT_NUL } from './operations.js';
export { hideOptionalExamples } from './optional-parameters.js';
export { problemExample } from './problem-examples.js';
