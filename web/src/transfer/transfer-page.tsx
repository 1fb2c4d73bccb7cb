import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ExportSection } from './export-section';
import { ImportSection } from './import-section';
import classes from '../ui/section.module.css';

export function TransferPage() {
  const { t } = useTranslation();
  return (
    <div className={classes['page']}>
      <title>{`${t('transfer.title')} · ${t('app.name')}`}</title>
      <header className={classes['header']}>
        <div>
          <h1>{t('transfer.title')}</h1>
          <p className={classes['who']}>
            <Link to="/account">{t('transfer.back')}</Link>
          </p>
        </div>
      </header>
      <ExportSection />
      <ImportSection />
    </div>
  );
}
