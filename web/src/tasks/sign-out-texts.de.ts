import type { Texts } from '../i18n';

export const signOut: Texts['tasks']['signOut'] = {
  title: 'Einige Änderungen sind noch nicht gesendet',
  text_one: '{{count}} Änderung wartet auf eine Verbindung oder auf Ihre Entscheidung.',
  text_other: '{{count}} Änderungen warten auf eine Verbindung oder auf Ihre Entscheidung.',
  send: 'Senden und dann abmelden',
  sending: 'Wird gesendet …',
  keep: 'Für dieses Konto behalten',
  keepHelp: 'Wird gesendet, wenn Sie sich hier wieder anmelden. Sonst sieht es niemand.',
  discard: 'Verwerfen',
  discardHelp: 'Sie gehen verloren.',
  cancel: 'Angemeldet bleiben',
  failed: 'Es ließ sich nicht alles senden.',
};
