import type { ReactNode } from 'react';
import classes from './text-button.module.css';

interface TextButtonProps {
  readonly children: ReactNode;
  readonly onClick: () => void;
  /** Name for screen readers, where the content is a sign. */
  readonly label?: string;
}

/** A button without a frame, in a line of text. */
export function TextButton({ children, onClick, label }: TextButtonProps) {
  return (
    <button type="button" className={classes['button']} aria-label={label} onClick={onClick}>
      {children}
    </button>
  );
}
