import type { Locator } from 'playwright-core';
import type { TaskApi, TaskPage } from './task-page.js';

export interface ApiList {
  readonly id: string;
  readonly name: string;
  readonly color: string | null;
  readonly archived: boolean;
}

/** Creates lists one after the other, which is their order. */
export async function createLists(
  api: TaskApi,
  ...lists: (Partial<ApiList> & { name: string })[]
): Promise<ApiList[]> {
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
