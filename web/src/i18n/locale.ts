/** Returns the person's own variety of a language: `en-GB` for `en`, if the browser says so. */
export const localeOf = (language: string) =>
  navigator.languages.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language;
