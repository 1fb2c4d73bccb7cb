export { ChangeStreamModule } from './change-stream.module.js';
export { ChangesModule } from './changes.module.js';
export { ChangesService } from './changes.service.js';
export { ListChangesQuery } from './list-changes.query.js';
