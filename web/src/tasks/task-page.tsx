import { useTranslation } from 'react-i18next';

export function TaskPage() {
  const { t } = useTranslation();
  return <p>{t('tasks.none')}</p>;
}
