import { type ReactNode, useId } from 'react';
import classes from './section.module.css';

interface SectionProps {
  readonly title: string;
  readonly help?: string;
  readonly children: ReactNode;
}

/** A part of a page of settings: its name and help beside what it contains. */
export function Section({ title, help, children }: SectionProps) {
  const id = useId();
  return (
    <section className={classes['section']} aria-labelledby={id}>
      <div>
        <h2 id={id}>{title}</h2>
        {help && <p className={classes['help']}>{help}</p>}
      </div>
      <div className={classes['body']}>{children}</div>
    </section>
  );
}
