import { NetworkError, ProblemError, SignedOutError } from '@taskward/client';
import { useTranslation } from 'react-i18next';

/**
 * Returns a function that says why a request failed; nothing if the user has left.
 *
 * @param texts by the code of the problem, where there is more to say than the server does
 */
export function useFailure(
  texts: Readonly<Record<string, string>>,
): (error: unknown) => string | undefined {
  const { t } = useTranslation();
  return (error) => {
    if (error instanceof SignedOutError && error.reason !== 'token_refused') return undefined;
    if (error instanceof NetworkError) return t('app.failures.network');
    if (!(error instanceof ProblemError)) return t('app.failures.other', { detail: String(error) });
    if (error.code === 'insufficient_scope') return t('app.failures.scope');
    return texts[error.code] ?? t('app.failures.other', { detail: error.message });
  };
}
