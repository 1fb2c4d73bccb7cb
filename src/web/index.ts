export { serveWeb, WEB_ROOT } from './serve-web.js';
