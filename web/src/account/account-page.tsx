import { useTranslation } from 'react-i18next';
import { IssuerLink } from '../auth/issuer-link';
import { useSession } from '../auth/use-session';
import { FeedsSection } from '../feeds/feeds-section';
import { TokensSection } from '../tokens/tokens-section';
import { AppearanceSection } from './appearance-section';
import { DataSection } from './data-section';
import { DeletionSection } from './deletion-section';
import { PasswordSection } from './password-section';
import { ProfileSection } from './profile-section';
import { Section } from '../ui/section';
import { SessionsSection } from './sessions-section';
import { SignOutButton } from './sign-out-button';
import classes from '../ui/section.module.css';

export function AccountPage() {
  const { t } = useTranslation();
  const { issuer, user } = useSession();
  return (
    <div className={classes['page']}>
      <title>{`${t('account.title')} · ${t('app.name')}`}</title>
      <header className={classes['header']}>
        <div>
          <h1>{t('account.title')}</h1>
          <p className={classes['who']}>{user.email === '' ? user.name : user.email}</p>
        </div>
        <SignOutButton />
      </header>
      <AppearanceSection />
      {issuer.kind === 'embedded' ? (
        <>
          <ProfileSection />
          <SessionsSection />
          <PasswordSection />
          <TokensSection />
          <FeedsSection />
          <DataSection />
          <DeletionSection />
        </>
      ) : (
        <>
          <Section title={t('account.profile')}>
            <p className={classes['help']}>
              {t('account.remoteHelp')} <IssuerLink url={issuer.url} />
            </p>
            <p className={classes['help']}>
              {t('account.id')}: {user.id}
            </p>
          </Section>
          <TokensSection />
          <FeedsSection />
          <DataSection />
        </>
      )}
    </div>
  );
}
