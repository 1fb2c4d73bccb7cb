import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Section } from '../ui/section';

/** Leads to the page where the user takes data along. */
export function DataSection() {
  const { t } = useTranslation();
  return (
    <Section title={t('transfer.title')} help={t('transfer.linkHelp')}>
      <Link to="/transfer">{t('transfer.link')}</Link>
    </Section>
  );
}
