export {
  DataDirInUseError,
  joinEmbeddedPostgres,
  runningEmbeddedUrl,
  startEmbeddedPostgres,
} from './embedded-postgres.js';
export { clusterPath } from './postgres-cluster.js';
export { messageOf } from './postgres-errors.js';
