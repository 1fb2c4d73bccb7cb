/** SQL of what a statement that counts is given by `UsageRepository.parameters`. */
export interface UsageParameters {
  readonly slot: string;
  readonly taskQuota: string;
  readonly byteQuota: string;
}

/**
 * Adds tasks and bytes to the user's slot. Changes no row when its share of the quotas has no room.
 *
 * @param source more of the statement's `from`, with its keyword.
 */
export const addTasks = (
  tasks: string,
  bytes: string,
  parameters: UsageParameters,
  source = '',
) => `
  update usage set tasks = tasks + ${tasks}, bytes = bytes + ${bytes} ${source}
   where owner_id = $1 and slot = ${parameters.slot}
     and tasks + ${tasks} <= task_limit and ${hasRoom(bytes, parameters)}
  returning 1`;

/**
 * Adds `bytes`, a column of `source`, to the bytes of the user's tasks. Changes no row when nothing is
 * added, nor when more is added than there is room for.
 */
export const addBytes = (source: string, bytes: string, parameters: UsageParameters) => `
  update usage set bytes = bytes + ${bytes} from ${source}
   where owner_id = $1 and slot = ${parameters.slot} and ${bytes} <> 0
     and (${bytes} < 0 or (${hasRoom(bytes, parameters)}))
  returning 1`;

const hasRoom = (bytes: string, { taskQuota, byteQuota }: UsageParameters) =>
  `bytes + ${bytes} <= byte_limit and task_quota = ${taskQuota} and byte_quota = ${byteQuota}`;

/** Adds to counts of the user whatever the quotas are: columns, and the query that gives a row of them. */
export const addToUsage = (slot: string, columns: readonly string[], query: string) => `
  insert into usage as kept (owner_id, slot, ${columns.join(', ')})
  select $1, ${slot}, ${columns.join(', ')} from (${query}) as added
  on conflict (owner_id, slot) do update
     set ${columns.map((column) => `${column} = kept.${column} + excluded.${column}`).join(', ')}
  returning 1`;
