import type { Locator } from 'playwright-core';
import { openTasks, type TaskApi, type TaskPage } from './task-page.js';
import type { Web } from './web.js';

export interface ApiList {
  readonly id: string;
  readonly name: string;
  readonly color: string | null;
  readonly archived: boolean;
}

/** A list to be made. */
export type NewList = Partial<ApiList> & { name: string };

/** Creates lists one after the other, which is their order. */
export async function createLists(api: TaskApi, ...lists: NewList[]): Promise<ApiList[]> {
  const made: ApiList[] = [];
  for (const list of lists) made.push(await api.send<ApiList>('POST', '/lists', list));
  return made;
}

/** Returns the lists as the server has them, in their order. */
export async function readLists(api: TaskApi, query = ''): Promise<ApiList[]> {
  return (await api.send<{ data: ApiList[] }>('GET', `/lists?${query}`)).data;
}

/** The lists in the sidebar of a page. */
export class ListPanel {
  readonly root: Locator;

  constructor(private readonly list: TaskPage) {
    this.root = list.page.getByRole('region', { name: 'Lists' });
  }

  /** Opens the question that comes before a list is deleted. */
  async remove(name: string): Promise<Locator> {
    await (await this.change(name)).getByRole('button', { name: 'Delete …' }).click();
    const question = this.list.page.getByRole('dialog', { name: 'Delete the list' });
    await question.waitFor();
    return question;
  }

  get open(): Locator {
    return this.root.getByRole('list', { name: 'Lists' });
  }

  link(name: string): Locator {
    return this.root.getByRole('link', { name });
  }

  get names(): Promise<string[]> {
    return this.open.getByRole('link').evaluateAll((links) =>
      links.map((link) => {
        const { children } = link as unknown as { children: { textContent: string }[] };
        return children[1]?.textContent ?? '';
      }),
    );
  }

  /** Opens the dialog that changes a list. */
  async change(name: string): Promise<Locator> {
    await this.root.getByRole('button', { name: `Change the list “${name}”` }).click();
    const dialog = this.list.page.getByRole('dialog', { name: 'Change list' });
    await dialog.waitFor();
    return dialog;
  }

  /** Opens the dialog for a new list. */
  async add(): Promise<Locator> {
    await this.root.getByRole('button', { name: 'New list' }).click();
    const dialog = this.list.page.getByRole('dialog', { name: 'New list' });
    await dialog.waitFor();
    return dialog;
  }
}

export interface OpenedLists {
  readonly list: TaskPage;
  readonly panel: ListPanel;
  readonly lists: readonly ApiList[];
}

/** Opens all tasks as a new user, who has lists already. */
export async function openLists(web: Web, ...lists: NewList[]): Promise<OpenedLists> {
  const list = await openTasks(web);
  const made = await createLists(list.api, ...lists);
  if (made.length > 0) await list.page.reload();
  const panel = new ListPanel(list);
  await panel.root.waitFor();
  for (const { name, archived } of made) if (!archived) await panel.link(name).waitFor();
  return { list, panel, lists: made };
}
