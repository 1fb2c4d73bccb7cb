import { NativeSelect, useMantineColorScheme } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, type Language, LANGUAGES } from '../i18n';
import { Notice } from '../ui/notice';
import { Section } from '../ui/section';
import classes from '../ui/section.module.css';

const THEMES = ['auto', 'light', 'dark'] as const;

/** Transitions are kept: Mantine would stop them by a style element, which the policy blocks. */
export function AppearanceSection() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const [hasFailed, setFailed] = useState(false);
  const choose = (language: Language) =>
    chooseLanguage(language).then(
      () => setFailed(false),
      () => setFailed(true),
    );
  return (
    <Section title={t('account.appearance')}>
      <div className={classes['form']}>
        <NativeSelect
          label={t('account.theme')}
          value={colorScheme}
          onChange={(event) => setColorScheme(event.currentTarget.value as (typeof THEMES)[number])}
          data={THEMES.map((value) => ({ value, label: t(`account.themes.${value}`) }))}
        />
        <NativeSelect
          label={t('account.language')}
          value={i18n.language}
          onChange={(event) => void choose(event.currentTarget.value as Language)}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        />
        {hasFailed && <Notice kind="error">{t('auth.failures.unavailable')}</Notice>}
      </div>
    </Section>
  );
}
