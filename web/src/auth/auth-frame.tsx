import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './auth-frame.module.css';

interface AuthFrameProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** The frame of the pages for people who are not signed in. */
export function AuthFrame({ title, children }: AuthFrameProps) {
  const { t } = useTranslation();
  return (
    <main className={classes['frame']}>
      <title>{`${title} · ${t('app.name')}`}</title>
      <div className={classes['column']}>
        <p className={classes['brand']}>
          <span className={classes['mark']} aria-hidden="true" />
          {t('app.name')}
        </p>
        <h1 className={classes['title']}>{title}</h1>
        {children}
      </div>
    </main>
  );
}
