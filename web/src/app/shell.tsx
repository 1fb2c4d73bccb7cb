import { Link, Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './shell.module.css';

const PAGES = [
  { to: '/today', text: 'app.today' },
  { to: '/upcoming', text: 'app.upcoming' },
  { to: '/all', text: 'app.all' },
  { to: '/trash', text: 'app.trash' },
] as const;

/** The frame of all pages of a signed-in user: navigation, and the page in <main>. */
export function Shell() {
  const { t } = useTranslation();
  return (
    <div className={classes['shell']}>
      <a className="skip-link" href="#content">
        {t('app.skipToContent')}
      </a>
      <nav className={classes['navigation']} aria-label={t('app.navigation')}>
        {PAGES.map(({ to, text }) => (
          <Link key={to} to={to} className={classes['link'] ?? ''}>
            {t(text)}
          </Link>
        ))}
      </nav>
      <main id="content" className={classes['content']} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
