import { useTranslation } from 'react-i18next';
import type { FieldError } from './rules';

/** Returns the text of a broken rule: of the catalogue, or else the server's own. */
export function useRuleText(): (error: FieldError) => string {
  const { t } = useTranslation();
  return ({ field, code, detail = code }) =>
    t(`tasks.rules.${field}.${code}` as never, { defaultValue: detail });
}
