/** The statement that an index is for. `$1` is the owner. */
export interface ServedStatement {
  readonly index: string;
  readonly title: string;
  readonly sql: string;
  /** The role that runs it; the API's by default. */
  readonly role?: string;
}

/** The list and the parent that some tasks of each owner have. */
export const LIST = '0199f000-0000-7000-8000-000000000001';
export const PARENT = '0199f000-0000-7000-8000-000000000002';

const PAGE = 21;
const COLUMNS =
  'id, title, description, completed_at, priority, due_date, due_at, list_id, parent_id, position, tags, created_at, updated_at, version';

const list = (condition: string, order: string): string =>
  `select ${COLUMNS} from task where owner_id = $1 and ${condition}
   order by ${order} limit ${String(PAGE)}`;

const CURRENT = 'deleted_at is null';

export const STATEMENTS: readonly ServedStatement[] = [
  {
    index: 'task_owner_created_index',
    title: 'list, newest first',
    sql: list(CURRENT, 'created_at desc, id desc'),
  },
  {
    index: 'task_owner_updated_index',
    title: '`sort=-updatedAt`',
    sql: list(CURRENT, 'updated_at desc, id desc'),
  },
  { index: 'task_owner_title_index', title: '`sort=title`', sql: list(CURRENT, 'title_key, id') },
  {
    index: 'task_owner_priority_index',
    title: '`sort=-priority`',
    sql: list(CURRENT, 'priority desc, id desc'),
  },
  {
    index: 'task_owner_due_date_index',
    title: '`sort=due`: days',
    sql: list(`${CURRENT} and due_date is not null`, 'due_date, id'),
  },
  {
    index: 'task_owner_due_at_index',
    title: '`sort=due`: instants',
    sql: list(`${CURRENT} and due_at is not null`, 'due_at, id'),
  },
  {
    index: 'task_owner_no_due_index',
    title: '`sort=due`: without, one task in 2,000',
    sql: list(`${CURRENT} and due_date is null and due_at is null`, 'id'),
  },
  {
    index: 'task_owner_open_index',
    title: '`completed=false`, one task in 2,000',
    sql: list(`${CURRENT} and completed_at is null`, 'created_at desc, id desc'),
  },
  {
    index: 'task_owner_position_index',
    title: '`sort=position`',
    sql: list(CURRENT, 'position, id'),
  },
  {
    index: 'task_owner_unlisted_index',
    title: '`list=none&sort=position`, nine tasks in ten',
    sql: list(`${CURRENT} and list_id is null`, 'position, id'),
  },
  {
    index: 'task_owner_list_index',
    title: '`list=…&sort=position`, one task in ten',
    sql: list(`${CURRENT} and list_id = '${LIST}'`, 'position, id'),
  },
  {
    index: 'task_owner_parent_index',
    title: '`parent=…&sort=position`, one task in 1,000',
    sql: list(`${CURRENT} and parent_id = '${PARENT}'`, 'position, id'),
  },
  {
    index: 'task_owner_trash_index',
    title: 'trash, one task in 50',
    sql: list('deleted_at is not null', 'created_at desc, id desc'),
  },
  {
    index: 'task_terms_index',
    title: 'search for a word in one task in 500',
    sql: `select task_lookup('zebra', '{}') where $1 <> ''`,
  },
  {
    index: 'task_deleted_index',
    title: 'purge of the trash, all users',
    sql: `select owner_id, id from task
      where deleted_at < timestamptz '2026-01-02' and $1 <> '' limit 1000`,
    role: 'taskward_system',
  },
];
