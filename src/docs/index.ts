export type { PageSettings } from './page.js';
export { serveDocument } from './serve-document.js';
export { serveGuide } from './serve-guide.js';
export { servePage } from './serve-page.js';
