import { useTranslation } from 'react-i18next';

/** Shown for the moment in which it is not known who is signed in: what index.html shows before. */
export function LoadingPage() {
  const { t } = useTranslation();
  return (
    <main className="boot" aria-busy="true">
      <span aria-hidden="true">{t('app.name')}</span>
      <span className="visually-hidden">{t('auth.loading')}</span>
    </main>
  );
}
