import { type RefObject, useEffect, useEffectEvent } from 'react';

/** Calls back before a click outside an element is carried out, unless it is in a dialog above it. */
export function useClickElsewhere(
  element: RefObject<HTMLElement | null>,
  onClick: () => void,
): void {
  const callBack = useEffectEvent(onClick);
  useEffect(() => {
    const listen = ({ target }: MouseEvent) => {
      const isInside = target instanceof Node && (element.current?.contains(target) ?? false);
      const isInDialog = target instanceof Element && target.closest('[role=dialog]') !== null;
      if (!isInside && !isInDialog) callBack();
    };
    document.addEventListener('click', listen, { capture: true });
    return () => document.removeEventListener('click', listen, { capture: true });
  }, [element]);
}
