import { useTranslation } from 'react-i18next';
import { AuthFrame } from './auth-frame';
import { IssuerLink } from './issuer-link';
import { TokenForm } from './token-form';
import classes from './form.module.css';

/** The page of an API whose tokens a remote issuer signs. */
export function TokenPage({ issuer }: { readonly issuer: string }) {
  const { t } = useTranslation();
  return (
    <AuthFrame title={t('auth.token.title')}>
      <p className={classes['text']}>
        {t('auth.token.issuedBy')} <IssuerLink url={issuer} />
      </p>
      <p className={classes['text']}>{t('auth.token.how')}</p>
      <TokenForm />
    </AuthFrame>
  );
}
