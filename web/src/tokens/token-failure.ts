import { NetworkError, ProblemError } from '@taskward/client';
import { useTranslation } from 'react-i18next';
import { useFailure } from '../ui/use-failure';

/** The reason why no token was created, for people. */
export interface TokenFailure {
  readonly name?: string;
  readonly expiresAt?: string;
  /** Concerns neither field. */
  readonly whole?: string | undefined;
}

/**
 * Returns a function that says why no token was created. Without a response one may have been, which
 * nobody can see any more.
 */
export function useCreateFailure(): (error: unknown) => TokenFailure {
  const { t } = useTranslation();
  const failureOf = useFailure({ quota_exceeded: t('tokens.failures.quota') });
  return (error) => {
    if (error instanceof NetworkError && navigator.onLine) {
      return { whole: t('tokens.failures.lost') };
    }
    const [broken] = error instanceof ProblemError ? error.errors : [];
    if (broken?.pointer === '/name') {
      const key = `tokens.failures.name.${broken.code}` as never;
      return { name: t(key, { defaultValue: broken.detail }) };
    }
    if (broken?.pointer === '/expiresAt') return { expiresAt: t('tokens.failures.date') };
    return { whole: failureOf(error) };
  };
}
