import { Link, Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '../auth/use-session';
import { AccountIcon, AllIcon, TodayIcon, TrashIcon, UpcomingIcon } from '../ui/icons';
import classes from './shell.module.css';

const PAGES = [
  { to: '/today', text: 'app.today', Icon: TodayIcon },
  { to: '/upcoming', text: 'app.upcoming', Icon: UpcomingIcon },
  { to: '/all', text: 'app.all', Icon: AllIcon },
  { to: '/trash', text: 'app.trash', Icon: TrashIcon },
] as const;

function Navigation() {
  const { t } = useTranslation();
  const { user } = useSession();
  return (
    <nav className={classes['navigation']} aria-label={t('app.navigation')}>
      <p className={classes['brand']}>
        <span className={classes['mark']} aria-hidden="true" />
        {t('app.name')}
      </p>
      <ul className={classes['links']}>
        {PAGES.map(({ to, text, Icon }) => (
          <li key={to}>
            <Link
              to={to}
              className={classes['link'] ?? ''}
              activeOptions={{ includeSearch: false }}
            >
              <Icon />
              <span className={classes['text']}>{t(text)}</span>
            </Link>
          </li>
        ))}
        <li className={classes['last']}>
          <Link to="/account" className={classes['link'] ?? ''}>
            <AccountIcon />
            <span className={classes['text']}>{t('app.account')}</span>
            <span className={classes['who']}>{user.name}</span>
          </Link>
        </li>
      </ul>
    </nav>
  );
}

/** The frame of all pages of a signed-in user: navigation, and the page in <main>. */
export function Shell() {
  const { t } = useTranslation();
  return (
    <div className={classes['shell']}>
      <a className="skip-link" href="#content">
        {t('app.skipToContent')}
      </a>
      <Navigation />
      <main id="content" className={classes['content']} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
