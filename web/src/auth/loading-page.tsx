import { useTranslation } from 'react-i18next';
import classes from './loading-page.module.css';

/** Shown for the moment in which it is not known who is signed in. */
export function LoadingPage() {
  const { t } = useTranslation();
  return (
    <main className={classes['loading']} aria-busy="true">
      <span className="visually-hidden">{t('auth.loading')}</span>
    </main>
  );
}
