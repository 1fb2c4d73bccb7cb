import { Migration0001Task } from './0001-task.js';
import { Migration0002Auth } from './0002-auth.js';
import { Migration0003TaskLists } from './0003-task-lists.js';
import { Migration0004Idempotency } from './0004-idempotency.js';
import { Migration0005Sessions } from './0005-sessions.js';
import { Migration0006TaskLookup } from './0006-task-lookup.js';
import { Migration0007SafeFunctions } from './0007-safe-functions.js';
import { Migration0009SearchBoundsCompatible } from './0009-search-bounds.js';
import { Migration0011Purges } from './0011-purges.js';
import { Migration0012UsageCompatible } from './0012-usage.js';
import { Migration0013TextFoldingCompatible } from './0013-text-folding.js';
import { Migration0015ListsCompatible } from './0015-lists.js';
import { Migration0016ListIndexesCompatible } from './0016-list-indexes.js';
import { Migration0017RecurrenceCompatible } from './0017-recurrence.js';
import { Migration0018ChangesCompatible } from './0018-changes.js';
import { Migration0019ChangeHeadsCompatible } from './0019-change-heads.js';
import { Migration0020PersonalTokensCompatible } from './0020-personal-tokens.js';
import { Migration0021DistributableCompatible } from './0021-distributable.js';
import { Migration0022FeedsCompatible } from './0022-feeds.js';
import { Migration0014WritePathCompatible } from './0014-write-path.js';

/** In the order they run. Their class names are stored: never rename one that was released. */
export const migrations = [
  Migration0001Task,
  Migration0002Auth,
  Migration0003TaskLists,
  Migration0004Idempotency,
  Migration0005Sessions,
  Migration0006TaskLookup,
  Migration0007SafeFunctions,
  Migration0009SearchBoundsCompatible,
  Migration0011Purges,
  Migration0012UsageCompatible,
  Migration0013TextFoldingCompatible,
  Migration0014WritePathCompatible,
  Migration0015ListsCompatible,
  Migration0016ListIndexesCompatible,
  Migration0017RecurrenceCompatible,
  Migration0018ChangesCompatible,
  Migration0019ChangeHeadsCompatible,
  Migration0020PersonalTokensCompatible,
  Migration0021DistributableCompatible,
  Migration0022FeedsCompatible,
];
