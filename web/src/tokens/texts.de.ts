import type { Texts } from '../i18n';

export const tokens: Texts['tokens'] = {
  title: 'Persönliche Tokens',
  help: 'Mit ihnen handeln Skripte und Werkzeuge für Sie, ohne Ihr Passwort.',
  lifetime:
    'Ein neues Passwort lässt sie gültig, ebenso das Abmelden. Mit dem Konto werden sie gelöscht.',
  remoteLifetime:
    'Ein neues Passwort lässt sie gültig. Widerrufen Sie sie, bevor Sie Ihr Konto beim Aussteller löschen: Dieser Server erfährt davon nichts.',
  new: 'Neues Token',
  none: 'Sie haben keine persönlichen Tokens.',
  read: 'Lesen',
  write: 'Lesen und ändern',
  made: 'erstellt {{date}}',
  expires: 'läuft ab {{date}}',
  expired: 'Abgelaufen {{date}}',
  never: 'läuft nicht ab',
  used: 'zuletzt benutzt {{date}}',
  unused: 'nie benutzt',
  revokeOne: '„{{name}}“ widerrufen',
  revoked: '„{{name}}“ ist widerrufen.',
  confirm: '„{{name}}“ widerrufen?',
  confirmText:
    'Was es benutzt, wird binnen einer Sekunde abgewiesen. Das lässt sich nicht rückgängig machen.',
  create: {
    name: 'Name',
    nameHelp: 'Verläufe nennen ihn bei allem, was das Token ändert.',
    access: 'Zugriff',
    accessRead: 'Aufgaben und Listen lesen',
    accessWrite: 'Aufgaben und Listen lesen und ändern',
    expiry: 'Läuft ab',
    days: 'In {{count}} Tagen',
    year: 'In einem Jahr',
    day: 'Am Ende eines Tages …',
    date: 'Letzter Tag',
    never: 'Nie',
    neverHelp: 'Wer ein solches Token findet, kann es benutzen, bis Sie es widerrufen.',
    submit: 'Token erstellen',
  },
  created: {
    title: 'Kopieren Sie Ihr neues Token',
    warning: 'Bewahren Sie es so sicher auf wie ein Passwort: Wer es hat, handelt als Sie.',
    token: 'Token',
  },
  failures: {
    name: {
      too_short: 'Ein Token braucht einen Namen.',
      too_long: 'Höchstens 100 Zeichen.',
      unicode: 'Enthält Zeichen, die nicht gespeichert werden können.',
    },
    date: 'Wählen Sie einen Tag, der noch nicht vorbei ist.',
    quota:
      'Sie haben so viele Tokens wie möglich, abgelaufene mitgezählt. Widerrufen Sie zuerst eines.',
    lost: 'Keine Antwort. Das Token kann trotzdem erstellt sein: Steht es in der Liste, widerrufen Sie es.',
  },
};
