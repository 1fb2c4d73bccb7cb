import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { OwnedStatements, type OwnerId, type Parameter } from '../database/index.js';
import { addBytes, addTasks, addToUsage, UsageRepository } from '../usage/index.js';
import type { Expected, Precondition } from '../resource/index.js';
import {
  NEW_VERSION,
  push,
  SHOWN_COLUMNS,
  type TaskColumns,
  toDto,
  toParameter,
} from './task.mapper.js';
import type { TaskDto } from './task.dto.js';
import { arrayLiteral } from './text-array.js';

/** The columns a caller may set, and whether the task is done. */
export interface TaskChange {
  readonly columns: TaskColumns;
  /** `toggle` turns whatever it is now. */
  readonly completed?: boolean | 'toggle' | undefined;
}

/** Where a task may be found. */
export type Place = 'list' | 'trash' | 'anywhere';

const IN_PLACE = {
  list: 'and deleted_at is null',
  trash: 'and deleted_at is not null',
  anywhere: '',
} as const satisfies Record<Place, string>;

const COMPLETED_AT = {
  true: 'coalesce(completed_at, now())',
  false: 'null',
  toggle: 'case when completed_at is null then now() end',
} as const;

const BYTES = 'task_bytes(title, description, tags)';
const NEW_BYTES = 'task_bytes($3::text, $4::text, $8::text[])';

const INSERT = `
  with counted as (
    ${addTasks('1', NEW_BYTES, { slot: '$10', taskQuota: '$11', byteQuota: '$12' })}
  )
  insert into task
    (owner_id, id, title, description, priority, due_date, due_at, tags, completed_at)
  select $1, $2, $3, $4, $5, $6, $7, $8, case when $9 then now() end from counted
  returning ${SHOWN_COLUMNS}`;

const FIND = {
  list: `select ${SHOWN_COLUMNS} from task where owner_id = $1 and id = $2 ${IN_PLACE.list}`,
  trash: `select ${SHOWN_COLUMNS} from task where owner_id = $1 and id = $2 ${IN_PLACE.trash}`,
  anywhere: `select ${SHOWN_COLUMNS} from task where owner_id = $1 and id = $2`,
} as const satisfies Record<Place, string>;

/**
 * The one way to the table. Every method names the owner first, every statement has the owner in
 * its condition, and PostgreSQL is told the owner with it: each alone keeps other people's rows out.
 * Every method is one statement, so no time passes between a check and its use.
 */
@Injectable()
export class TasksRepository {
  constructor(
    private readonly statements: OwnedStatements,
    private readonly usage: UsageRepository,
  ) {}

  /** @throws QuotaExceeded */
  insert(ownerId: OwnerId, { columns, completed }: TaskChange): Promise<TaskDto> {
    const { title, description, priority = 0, dueDate, dueAt, tags = [] } = columns;
    const values = [title, description, priority, dueDate, dueAt, tags].map(toParameter);
    const parameters = [uuidv7(), ...values, String(completed === true)];
    return this.usage.write(ownerId, 1, async () => {
      const task = await this.#one(ownerId, INSERT, [...parameters, ...this.usage.parameters]);
      return task ?? undefined;
    });
  }

  find(ownerId: OwnerId, id: string, place: Place = 'list'): Promise<TaskDto | null> {
    return this.#one(ownerId, FIND[place], [id]);
  }

  /**
   * The changed task; null when nothing changed, or nothing was there to be changed.
   *
   * @throws QuotaExceeded
   */
  update(
    ownerId: OwnerId,
    id: string,
    { columns, completed }: TaskChange,
    precondition: Precondition,
  ): Promise<TaskDto | null> {
    const parameters: Parameter[] = [id];
    const settings: string[] = [];
    const differences: string[] = [];
    const places = new Map<string, string>();
    for (const [property, value] of Object.entries<TaskColumns[keyof TaskColumns]>({
      ...columns,
    })) {
      const [name, place] = [columnOf(property), push(parameters, toParameter(value))];
      places.set(name, place);
      settings.push(`${name} = ${place}`);
      differences.push(`${name} is distinct from ${place}`);
    }
    if (completed !== undefined) settings.push(`completed_at = ${COMPLETED_AT[`${completed}`]}`);
    if (completed === 'toggle') differences.push('true');
    else if (completed !== undefined)
      differences.push(`(completed_at is not null) <> ${String(completed)}`);
    const found = `where owner_id = $1 and id = $2 ${IN_PLACE.list}
      ${versionIn(precondition, parameters)} and (${differences.join(' or ') || 'false'})`;
    const setting = [...settings, NEW_VERSION].join(', ');
    if (TEXT_COLUMNS.some((name) => places.has(name)))
      return this.#updateText(ownerId, { found, setting, places }, parameters);
    const text = `update task set ${setting} ${found} returning ${SHOWN_COLUMNS}`;
    return this.#one(ownerId, text, parameters);
  }

  /** Puts the task into the trash. False when it was not there, or the precondition failed. */
  async trash(ownerId: OwnerId, id: string, precondition: Precondition): Promise<boolean> {
    const parameters: Parameter[] = [id];
    const text = `
      update task set deleted_at = now(), ${NEW_VERSION}
       where owner_id = $1 and id = $2 ${IN_PLACE.list} ${versionIn(precondition, parameters)}
      returning id`;
    return (await this.statements.run(ownerId, text, parameters)).length > 0;
  }

  /** Takes the task out of the trash. Null when it was not in it, or the precondition failed. */
  restore(ownerId: OwnerId, id: string, precondition: Precondition): Promise<TaskDto | null> {
    const parameters: Parameter[] = [id];
    const text = `
      update task set deleted_at = null, ${NEW_VERSION}
       where owner_id = $1 and id = $2 ${IN_PLACE.trash} ${versionIn(precondition, parameters)}
      returning ${SHOWN_COLUMNS}`;
    return this.#one(ownerId, text, parameters);
  }

  /** Removes the row, wherever it is. False when there was none, or the precondition failed. */
  async remove(ownerId: OwnerId, id: string, precondition: Precondition): Promise<boolean> {
    const parameters: Parameter[] = [id];
    const version = versionIn(precondition, parameters);
    const slot = push(parameters, this.usage.slot);
    const minus = 'select -1 as tasks, -bytes as bytes from deleted';
    const text = `
      with deleted as (
        delete from task
         where owner_id = $1 and id = $2 ${version}
        returning id, ${BYTES} as bytes
      ), counted as (${addToUsage(slot, ['tasks', 'bytes'], minus)})
      select id from deleted`;
    return (await this.statements.run(ownerId, text, parameters)).length > 0;
  }

  /**
   * Locks the task before it counts, so that the difference is that of the version which is replaced.
   * A row of nulls stands for a task that the change has no room for.
   */
  #updateText(
    ownerId: OwnerId,
    { found, setting, places }: TextUpdate,
    parameters: readonly Parameter[],
  ): Promise<TaskDto | null> {
    const [title, description, tags] = TEXT_COLUMNS.map((name) => places.get(name));
    const [slot = '', taskQuota = '', byteQuota = ''] = [2, 3, 4].map(
      (n) => `$${String(parameters.length + n)}`,
    );
    const newBytes = `task_bytes(${title ? `${title}::text` : 'title'},
      ${description ? `${description}::text` : 'description'}, ${tags ? `${tags}::text[]` : 'tags'})`;
    const text = `
      with previous as (
        select id as previous_id, ${newBytes} - ${BYTES} as added
          from task ${found} for update
      ), counted as (${addBytes('previous', 'added', { slot, taskQuota, byteQuota })}), changed as (
        update task set ${setting} from previous
         where owner_id = $1 and id = previous_id and (added = 0 or exists (select from counted))
        returning ${SHOWN_COLUMNS}
      )
      select changed.* from previous left join changed on true`;
    return this.usage.write(ownerId, 0, async () => {
      const all = [...parameters, ...this.usage.parameters];
      const [row] = await this.statements.run(ownerId, text, all);
      if (row === undefined) return null;
      return row[0] === null ? undefined : toDto(row);
    });
  }

  async #one(
    ownerId: OwnerId,
    text: string,
    parameters: readonly Parameter[],
  ): Promise<TaskDto | null> {
    const [row] = await this.statements.run(ownerId, text, parameters);
    return row ? toDto(row) : null;
  }
}

interface TextUpdate {
  /** SQL of the condition, and of what is set. */
  readonly found: string;
  readonly setting: string;
  /** The parameters of the columns that are set. */
  readonly places: ReadonlyMap<string, string>;
}

/** Columns that are counted, as `task_bytes` takes them. */
const TEXT_COLUMNS = ['title', 'description', 'tags'] as const;

const columnOf = (property: string) => property.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

const isList = (expected: Expected): expected is readonly number[] => Array.isArray(expected);

/** SQL that is true of the versions that a writer accepts. */
function versionIn({ ifMatch, ifNoneMatch }: Precondition, parameters: Parameter[]): string {
  const literal = (versions: readonly number[]) =>
    push(parameters, arrayLiteral(versions.map(String)));
  let sql = '';
  if (isList(ifMatch)) sql += ` and version = any(${literal(ifMatch)})`;
  if (isList(ifNoneMatch)) sql += ` and version <> all(${literal(ifNoneMatch)})`;
  // Every version there can be is named.
  if (ifNoneMatch === '*') sql += ' and false';
  return sql;
}
