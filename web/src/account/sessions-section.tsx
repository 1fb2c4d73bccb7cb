import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import {
  endOtherSessions,
  endSession,
  listSessions,
  type ListedSession,
} from '../auth/device-sessions';
import { localeOf } from '../i18n/locale';
import { Notice } from '../ui/notice';
import { deviceOf } from './device';
import { Section } from '../ui/section';
import classes from '../ui/section.module.css';

const KEY = ['sessions'];

/** Runs a change of the sessions, and lists them anew. */
function useSessionChange<T>(change: (variables: T) => Promise<void>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    // Without a connection it fails, and says so, instead of waiting for one.
    networkMode: 'always',
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

function Failure({ error }: { readonly error: Error }) {
  const { t } = useTranslation();
  const key = error.message === 'notFresh' ? 'notFresh' : 'unavailable';
  return <Notice kind="error">{t(`auth.failures.${key}`)}</Notice>;
}

function SessionRow({ session }: { readonly session: ListedSession }) {
  const { t, i18n } = useTranslation();
  const end = useSessionChange(endSession);
  const device = deviceOf(session.userAgent);
  const name = device ? t('account.browserOn', { ...device }) : t('account.unknownDevice');
  const date = new Date(session.createdAt).toLocaleString(localeOf(i18n.language), {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const details = [t('account.signedIn', { date }), session.ipAddress].filter(Boolean).join(' · ');
  return (
    <li className={classes['item']}>
      <div>
        <p className={classes['name']}>
          {name}
          {session.isCurrent && (
            <span className={classes['badge']}>{t('account.thisSession')}</span>
          )}
        </p>
        <p className={classes['help']}>{details}</p>
        {end.error && <Failure error={end.error} />}
      </div>
      {!session.isCurrent && (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={t('account.endOne', { device: name })}
          loading={end.isPending}
          onClick={() => end.mutate(session.token)}
        >
          {t('account.end')}
        </Button>
      )}
    </li>
  );
}

export function SessionsSection() {
  const { t } = useTranslation();
  const { data, error } = useQuery({ queryKey: KEY, queryFn: listSessions });
  const endOthers = useSessionChange(endOtherSessions);
  return (
    <Section title={t('account.sessions')} help={t('account.sessionsHelp')}>
      {error && <Failure error={error} />}
      <ul className={classes['items']} aria-busy={data === undefined && !error}>
        {data?.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {endOthers.error && <Failure error={endOthers.error} />}
      {endOthers.isSuccess && <Notice>{t('account.othersEnded')}</Notice>}
      {data && data.length > 1 && (
        <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
          {t('account.endOthers')}
        </Button>
      )}
      {data?.length === 1 && <p className={classes['help']}>{t('account.onlyThis')}</p>}
    </Section>
  );
}
