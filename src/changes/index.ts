export { ChangeStreamModule } from './change-stream.module.js';
export { ChangesModule } from './changes.module.js';
