export { closeBodies } from './closed-bodies.js';
export { addSharedAnswers } from './common-responses.js';
export { declarePublic, NOT_BLANK, textHeader, WITHOUT_NUL } from './operations.js';
export { leaveOptionalEmpty } from './optional-parameters.js';
export { problemExample } from './problem-examples.js';
