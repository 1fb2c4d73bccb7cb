import type { Texts } from '../i18n';

export const transfer: Texts['transfer'] = {
  title: 'Ihre Daten',
  link: 'Aufgaben exportieren',
  linkHelp: 'Nehmen Sie Ihre Aufgaben und Listen mit.',
  back: 'Zurück zum Konto',
  format: 'Format',
  export: {
    title: 'Export',
    help: 'Eine Datei mit Ihren Aufgaben und Listen. Passwörter und Tokens enthält sie nicht.',
    formats: { json: 'Taskward (JSON)', csv: 'Tabelle (CSV)', ics: 'Kalender (iCalendar)' },
    formatHelp: {
      json: 'Alles, mit Listen, Papierkorb und Reihenfolge.',
      csv: 'Eine Zeile für jede Aufgabe, die nicht im Papierkorb liegt.',
      ics: 'Ein Eintrag für jede Aufgabe, die nicht im Papierkorb liegt.',
    },
    download: 'Herunterladen',
    received: '{{size}} empfangen',
    saved: '{{name}} ({{size}}) ist Ihrem Browser übergeben.',
  },
};
