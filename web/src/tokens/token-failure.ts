import { NetworkError, ProblemError, SignedOutError } from '@taskward/client';
import { useTranslation } from 'react-i18next';

/** The reason why a request about tokens was refused, for people. */
export interface TokenFailure {
  readonly name?: string;
  readonly expiresAt?: string;
  /** Concerns neither field. */
  readonly whole?: string;
}

const TEXTS = {
  quota_exceeded: 'tokens.failures.quota',
  insufficient_scope: 'tokens.failures.scope',
} as const;
const isKnown = (code: string): code is keyof typeof TEXTS => code in TEXTS;

/** Returns a function that says why a request about tokens failed; nothing if the user has left. */
export function useTokenFailure(): (error: unknown) => TokenFailure {
  const { t } = useTranslation();
  return (error) => {
    if (error instanceof SignedOutError && error.reason !== 'token_refused') return {};
    if (error instanceof NetworkError) return { whole: t('tokens.failures.network') };
    if (!(error instanceof ProblemError)) {
      return { whole: t('tokens.failures.other', { detail: String(error) }) };
    }
    if (isKnown(error.code)) return { whole: t(TEXTS[error.code]) };
    const [broken] = error.errors;
    if (broken?.pointer === '/name') {
      const key = `tokens.failures.name.${broken.code}` as never;
      return { name: t(key, { defaultValue: broken.detail }) };
    }
    if (broken?.pointer === '/expiresAt') return { expiresAt: t('tokens.failures.date') };
    return { whole: t('tokens.failures.other', { detail: error.message }) };
  };
}

/** Returns a function that says why no token was created. Without a response one may have been, which nobody can see any more. */
export function useCreateFailure(): (error: unknown) => TokenFailure {
  const { t } = useTranslation();
  const failureOf = useTokenFailure();
  return (error) =>
    error instanceof NetworkError && navigator.onLine
      ? { whole: t('tokens.failures.lost') }
      : failureOf(error);
}
