export type { PageSettings } from './page.js';
export { servePage } from './serve-page.js';
