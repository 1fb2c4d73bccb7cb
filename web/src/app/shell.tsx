import { Link, Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '../auth/use-session';
import { ListNavigation } from './list-navigation';
import { AccountIcon, AllIcon, TodayIcon, TrashIcon, UpcomingIcon } from '../ui/icons';
import classes from './shell.module.css';

const PAGES = [
  { to: '/today', text: 'app.today', Icon: TodayIcon },
  { to: '/upcoming', text: 'app.upcoming', Icon: UpcomingIcon },
  // The page of one list is an address of /all, too.
  { to: '/all', text: 'app.all', Icon: AllIcon, search: { list: undefined } },
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
        {PAGES.map(({ to, text, Icon, ...page }) => (
          <li key={to}>
            <Link
              to={to}
              {...page}
              className={classes['link'] ?? ''}
              activeOptions={{ includeSearch: 'search' in page, explicitUndefined: true }}
            >
              <Icon />
              <span className={classes['text']}>{t(text)}</span>
            </Link>
          </li>
        ))}
        <ListNavigation />
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
