import type { List } from '../lists/list';
import { useLists } from '../lists/use-lists';

/** The list that a page is of. */
export interface PageList {
  readonly id: string;
  /** Absent while it is not known, and once it is gone. */
  readonly list: List | undefined;
  readonly isGone: boolean;
}

/** Returns the list of an id, if the page is of one. */
export function usePageList(id: string | undefined): PageList | undefined {
  const { lists } = useLists();
  if (id === undefined) return undefined;
  const list = lists?.find((one) => one.id === id);
  return { id, list, isGone: lists !== undefined && list === undefined };
}
