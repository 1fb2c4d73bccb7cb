import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { TextButton } from '../ui/text-button';
import { updates } from './service-worker';
import classes from './update-notice.module.css';

/** Offers a new version of the client; what is being written is never interrupted. */
export function UpdateNotice() {
  const { t } = useTranslation();
  const isReady = useSyncExternalStore(updates.subscribe, updates.isReady);
  const [isPutOff, putOff] = useState(false);
  useEffect(() => {
    // The part that registers it may be missing; the next visit tries again.
    updates.register().catch(() => undefined);
  }, []);
  return (
    <div role="status">
      {isReady && !isPutOff && (
        <p className={classes['notice']}>
          {t('app.update.text')}
          <TextButton onClick={() => updates.take()}>{t('app.update.reload')}</TextButton>
          <TextButton onClick={() => putOff(true)}>{t('app.update.later')}</TextButton>
        </p>
      )}
    </div>
  );
}
