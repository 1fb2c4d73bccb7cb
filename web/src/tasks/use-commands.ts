import { useEffectEvent, useLayoutEffect, useState } from 'react';
import { type Command, ShortcutReader } from './shortcuts';

/** Runs commands by their keys, wherever the focus is, unless it is where people write. */
export function useCommands(commands: Record<Command, () => void>): void {
  const run = useEffectEvent((command: Command) => commands[command]());
  const [reader] = useState(() => new ShortcutReader());
  // Before the page is seen: the first key counts, too.
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const command = reader.read(event);
      if (command === undefined) return;
      event.preventDefault();
      run(command);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [reader]);
}
