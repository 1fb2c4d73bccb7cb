import type { ReactNode } from 'react';
import classes from './notice.module.css';

interface NoticeProps {
  readonly kind?: 'error' | 'info';
  readonly children: ReactNode;
}

/** A message about the page; one about an error is read out at once. */
export function Notice({ kind = 'info', children }: NoticeProps) {
  return (
    <div
      className={classes['notice']}
      data-kind={kind}
      role={kind === 'error' ? 'alert' : 'status'}
    >
      {children}
    </div>
  );
}
