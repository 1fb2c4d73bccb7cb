import { ListConflictError, NetworkError, ProblemError } from '@taskward/client';
import { useTranslation } from 'react-i18next';

/** The reason why a change of a list was refused, for people. */
export interface ListFailure {
  /** Concerns the name; anything else concerns the whole. */
  readonly name?: string;
  readonly whole?: string;
}

/** Returns a function that says why a change of a list failed. */
export function useListFailure(): (error: unknown) => ListFailure {
  const { t } = useTranslation();
  return (error) => {
    if (error instanceof NetworkError) return { whole: t('lists.failures.network') };
    if (!(error instanceof ProblemError)) {
      return { whole: t('lists.failures.other', { detail: String(error) }) };
    }
    if (error instanceof ListConflictError && error.current) {
      return { whole: t('lists.failures.changed', { name: error.current.name }) };
    }
    if (error instanceof ListConflictError || error.status === 404) {
      return { whole: t('lists.gone') };
    }
    const broken = error.errors.find(({ pointer }) => pointer === '/name');
    if (broken === undefined) {
      return { whole: t('lists.failures.other', { detail: error.message }) };
    }
    const { code, detail } = broken;
    return { name: t(`lists.rules.name.${code}` as never, { defaultValue: detail }) };
  };
}
