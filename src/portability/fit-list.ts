import { MAX_NAME_LENGTH } from '../lists/index.js';
import type { DraftList } from './draft.js';
import { cut } from './fit-task.js';
import type { ImportReport } from './import-report.js';

const UNNAMED = 'Unnamed';

/** Returns a list of another service in the limits of Taskward; what is changed is reported. */
export function fitList(
  list: DraftList & { readonly name: string },
  report: ImportReport,
): DraftList {
  const { line } = list;
  const name = list.name.trim();
  const short = cut(name, MAX_NAME_LENGTH);
  if (name === '') report.skip(line, 'no_name', `the list has no name, and is called ${UNNAMED}`);
  else if (short !== name) report.skip(line, 'name_too_long', `the name ${short} is cut`);
  return { ...list, name: short || UNNAMED };
}
