import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en';

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

/** Replaces each text of the English catalogue by any other one: a translation has the same keys. */
type Translated<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translated<T[K]> };
export type Texts = Translated<typeof en>;

const STORAGE_KEY = 'taskward-language';

const isLanguage = (tag: string): tag is Language => tag in LANGUAGES;

/** Returns the language chosen earlier, or the first of the browser's that there are texts in. */
function preferredLanguage(): Language {
  const tags = [localStorage.getItem(STORAGE_KEY) ?? '', ...navigator.languages];
  return tags.map((tag) => tag.split('-', 1)[0] ?? '').find(isLanguage) ?? 'en';
}

async function loadTexts(language: Language): Promise<void> {
  if (language === 'en' || i18next.hasResourceBundle(language, 'translation')) return;
  const { de } = await import('./de');
  i18next.addResourceBundle(language, 'translation', de);
}

/** Loads the texts of the preferred language. English ones are part of the program, and come in place. */
export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    // React escapes what it renders.
    interpolation: { escapeValue: false },
  });
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  const preferred = preferredLanguage();
  const language = await loadTexts(preferred).then(
    () => preferred,
    () => 'en',
  );
  await i18next.changeLanguage(language);
}

/** Switches to a language, and keeps to it at the next visits. */
export async function chooseLanguage(language: Language): Promise<void> {
  await loadTexts(language);
  localStorage.setItem(STORAGE_KEY, language);
  await i18next.changeLanguage(language);
}

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}
