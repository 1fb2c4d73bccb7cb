import { Inject, Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from '../auth/index.js';
import { ENV, type Env } from '../config/index.js';
import type { OwnerId } from '../database/index.js';
import { Problem } from '../problems/index.js';
import {
  anchorOf,
  assertIfMatch,
  Cursors,
  endPosition,
  type HistoryDto,
  historyOf,
  type HistoryQuery,
  type Location,
  type MoveDto,
  type NewValues,
  placeBeside,
  type Precondition,
  type RevertDto,
  versionOf,
  type Writer,
  writeConditionally,
} from '../resource/index.js';
import type { DeleteListQuery } from './delete-list.query.js';
import type {
  CreateListDto,
  ListDto,
  ListPageDto,
  ReplaceListDto,
  UpdateListDto,
} from './list.dto.js';
import type { List } from './list.entity.js';
import { type GetListQuery, type ListListsQuery, SORT_PROPERTIES } from './list-lists.query.js';
import { ListsRepository } from './lists.repository.js';

const valuesOf = ({ name, color, archived }: UpdateListDto): NewValues<List> => ({
  ...(name !== undefined && { name }),
  ...(color !== undefined && { color }),
  ...(archived !== undefined && { archived: archived ?? false }),
});

/** The operations on a user's own lists. */
@Injectable()
export class ListsService {
  constructor(
    private readonly lists: ListsRepository,
    private readonly cursors: Cursors,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async create(user: AuthenticatedUser, dto: CreateListDto): Promise<ListDto> {
    const values = { color: null, archived: false, ...valuesOf(dto), position: endPosition() };
    const [list] = await this.lists.insert(user, [values]);
    if (list === undefined) throw new Error('The created list was not returned.');
    return list;
  }

  async list(user: AuthenticatedUser, query: ListListsQuery): Promise<ListPageDto> {
    const { sort, archived, trashed = false, limit, cursor, include } = query;
    const scope = { userId: user.id, list: { sort, archived, trashed } };
    const location = trashed ? 'trash' : 'list';
    const where = archived === undefined ? {} : { archived };
    const descending = sort.startsWith('-');
    const field = sort.replace('-', '') as keyof typeof SORT_PROPERTIES;
    const page = await this.lists.pageBy(user.id, SORT_PROPERTIES[field], {
      descending,
      location,
      where,
      after: this.cursors.positionOf(scope, cursor),
      limit: limit + 1,
    });
    const { data, nextCursor } = this.cursors.page(scope, page, limit);
    return {
      data: await this.#including(user.id, data, include),
      nextCursor,
      ...(query.count === true && {
        total: await this.lists.countBy(user.id, location, where),
      }),
    };
  }

  async get(user: AuthenticatedUser, id: string, { include }: GetListQuery): Promise<ListDto> {
    const [list] = await this.#including(user.id, [await this.#find(user.id, id, 'list')], include);
    if (list === undefined) throw new Error('The list was not returned.');
    return list;
  }

  change(
    user: AuthenticatedUser,
    id: string,
    dto: ReplaceListDto | UpdateListDto,
    precondition: Precondition,
  ): Promise<ListDto> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    return writeConditionally(
      precondition,
      () => this.lists.update(user, id, { values: valuesOf(dto) }, precondition),
      () => this.#find(user.id, id, 'list'),
    );
  }

  /** @throws Problem `validation_failed` if the sibling is not there. */
  move(
    user: AuthenticatedUser,
    id: string,
    dto: MoveDto,
    precondition: Precondition,
  ): Promise<ListDto> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    return this.#inOrder(user, () =>
      writeConditionally(
        precondition,
        async () => {
          const position = await this.#positionOf(user, id, dto);
          return this.lists.update(user, id, { values: { position } }, precondition);
        },
        () => this.#find(user.id, id, 'list'),
      ),
    );
  }

  async history(user: AuthenticatedUser, id: string, query: HistoryQuery): Promise<HistoryDto> {
    await this.#find(user.id, id, 'anywhere');
    return historyOf(this.lists, this.cursors, { ownerId: user.id, id }, query);
  }

  /** @throws Problem `validation_failed` if the history does not have that version. */
  async revert(
    user: AuthenticatedUser,
    id: string,
    dto: RevertDto,
    precondition: Precondition,
  ): Promise<ListDto> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    await this.#find(user.id, id, 'list');
    const { name, color, archived } = await versionOf(this.lists, { ownerId: user.id, id }, dto);
    return this.change(user, id, { name, color, archived }, precondition);
  }

  async delete(
    user: AuthenticatedUser,
    id: string,
    { permanent = false, tasks }: DeleteListQuery,
    precondition: Precondition,
  ): Promise<void> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    const deleteTasks = async () => {
      if (permanent && tasks !== 'keep') await this.lists.removeTasks(user, id);
      // A task that is in the trash by itself stays there, without the list.
      const change = permanent || tasks === 'keep' ? 'keep' : 'trash';
      await this.lists.changeTasks(user, id, change);
    };
    // The list is locked first: a task that is being added to it has been added, or is refused.
    const deleteList = async () => {
      if (!(await this.lists.trash(user, id, precondition))) return false;
      await deleteTasks();
      return true;
    };
    const removeList = async () => {
      if ((await this.lists.find(user.id, id, 'anywhere')) === null) return false;
      await deleteTasks();
      return this.lists.remove(user, id, precondition);
    };
    await this.#inOrder(user, () =>
      writeConditionally(
        precondition,
        async () => (await (permanent ? removeList() : deleteList())) || null,
        () => this.#find(user.id, id, permanent ? 'anywhere' : 'list'),
      ),
    );
  }

  restore(user: AuthenticatedUser, id: string, precondition: Precondition): Promise<ListDto> {
    assertIfMatch(precondition, this.env.REQUIRE_IF_MATCH);
    return this.#inOrder(user, () =>
      writeConditionally(
        precondition,
        async () => {
          const list = await this.lists.restore(user, id, precondition);
          if (list !== null) await this.lists.changeTasks(user, id, 'restore');
          return list;
        },
        () => this.#find(user.id, id, 'trash'),
      ),
    );
  }

  /** Runs `work` as a transaction in which nobody else moves the owner's rows or changes what they belong to. */
  #inOrder<Result>(user: Writer, work: () => Promise<Result>): Promise<Result> {
    return this.lists.transaction(user.id, async () => {
      await this.lists.lockOwner(user.id);
      return work();
    });
  }

  async #positionOf(user: Writer, id: string, dto: MoveDto): Promise<string> {
    const beside = await anchorOf(dto, id, (anchorId) => this.lists.find(user.id, anchorId));
    if (beside === undefined) return endPosition();
    return placeBeside(this.lists, user, id, { ...beside, siblings: {} });
  }

  async #including(
    ownerId: OwnerId,
    lists: ListDto[],
    include: 'counts' | undefined,
  ): Promise<ListDto[]> {
    if (include === undefined || lists.length === 0) return lists;
    const ids = lists.map(({ id }) => id);
    const counts = await this.lists.countTasks(ownerId, ids);
    for (const list of lists) list.tasks = counts.get(list.id) ?? { open: 0, completed: 0 };
    return lists;
  }

  async #find(ownerId: OwnerId, id: string, location: Location): Promise<ListDto> {
    const list = await this.lists.find(ownerId, id, location);
    if (list === null) throw new Problem('list_not_found', 'There is no list with this id.');
    return list;
  }
}
