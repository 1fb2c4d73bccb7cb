/** Commands that have a key, in the order of the sheet that lists them. */
export const SHORTCUTS = {
  add: ['n'],
  search: ['/'],
  next: ['j', 'ArrowDown'],
  previous: ['k', 'ArrowUp'],
  first: ['Home'],
  last: ['End'],
  edit: ['Enter', 'e'],
  complete: ['c', ' '],
  priority: ['p'],
  dueToday: ['t'],
  dueTomorrow: ['m'],
  skip: ['w'],
  history: ['h'],
  trash: ['Delete', 'Backspace', '#'],
  select: ['x'],
  selectAll: ['Ctrl+a'],
  addSubtask: ['s'],
  unfold: ['ArrowRight'],
  fold: ['ArrowLeft'],
  moveUp: ['Alt+ArrowUp'],
  moveDown: ['Alt+ArrowDown'],
  indent: ['Alt+Shift+ArrowRight', '>'],
  outdent: ['Alt+Shift+ArrowLeft', '<'],
  undo: ['u', 'Ctrl+z'],
  refresh: ['r'],
  goToday: ['g t'],
  goUpcoming: ['g u'],
  goAll: ['g a'],
  goTrash: ['g x'],
  goLists: ['g l'],
  toList: ['v'],
  newList: ['l'],
  help: ['?'],
  leave: ['Escape'],
} as const satisfies Record<string, readonly string[]>;

export type Command = keyof typeof SHORTCUTS;

const COMMANDS = new Map<string, Command>(
  Object.entries(SHORTCUTS).flatMap(([command, keys]) =>
    keys.map((key): [string, Command] => [key, command as Command]),
  ),
);

const SEQUENCE_MS = 1500;
const FIELDS = 'input:not([type=checkbox]), textarea, select, [contenteditable]';
const DIALOGS = '[role=dialog], [role=menu], [role=listbox]';

/** Returns whether an element is one where people write. */
export const isField = (element: Element | null): boolean =>
  element !== null && element.closest(FIELDS) !== null;

/** Reads commands off the keyboard; keys that belong to a field, a button or a dialog are left to it. */
export class ShortcutReader {
  #first = '';
  #at = 0;

  read(event: KeyboardEvent): Command | undefined {
    const { key, isComposing, timeStamp } = event;
    if (isComposing || event.defaultPrevented) return undefined;
    const target = event.target instanceof Element ? event.target : document.body;
    if (isField(target) || document.querySelector(DIALOGS)) return undefined;
    if (isOwnKey(target, key)) return undefined;
    const name = nameOf(event);
    const isSecond = this.#first !== '' && timeStamp - this.#at < SEQUENCE_MS;
    const command = COMMANDS.get(isSecond ? `${this.#first} ${name}` : name);
    this.#first = !isSecond && name === 'g' ? name : '';
    this.#at = timeStamp;
    return command;
  }
}

/** Returns a key with those that are held down, as the commands name it. */
function nameOf({ key, altKey, shiftKey, ctrlKey, metaKey }: KeyboardEvent): string {
  // Some layouts write characters with Alt: they are no commands.
  if (altKey) return `Alt+${shiftKey ? 'Shift+' : ''}${key}`;
  return ctrlKey || metaKey ? `Ctrl+${key.toLowerCase()}` : key;
}

/** Enter and the space bar press what has the focus; a row of the list has no press of its own. */
const isOwnKey = (target: Element, key: string) =>
  (key === 'Enter' || key === ' ') && target.closest('button, a, summary, input') !== null;
