import type { Texts } from '../i18n';

export const feeds: Texts['feeds'] = {
  title: 'Kalender-Abos',
  help: 'Kalenderprogramme abonnieren eine Adresse und zeigen Ihre Aufgaben.',
  lifetime:
    'Ein neues Passwort lässt sie gültig, ebenso das Abmelden. Mit dem Konto werden sie gelöscht.',
  remoteLifetime:
    'Ein neues Passwort lässt sie gültig. Widerrufen Sie sie, bevor Sie Ihr Konto beim Aussteller löschen: Dieser Server erfährt davon nichts.',
  new: 'Neues Abo',
  none: 'Sie haben keine Kalender-Abos.',
  all: 'Alle Aufgaben',
  trashed: 'Eine Liste im Papierkorb',
  kinds: { events: 'Termine', todos: 'Aufgaben' },
  kindsHelp: {
    events: 'Aufgaben mit einem Datum, für jeden Kalender.',
    todos:
      'Alle offenen Aufgaben, für Programme mit Aufgaben wie Thunderbird oder Apple Erinnerungen.',
  },
  name: '{{list}} ({{kind}})',
  made: 'Erstellt {{date}}',
  revokeOne: 'Das Abo „{{name}}“ widerrufen',
  revoked: 'Das Abo „{{name}}“ ist widerrufen.',
  confirm: 'Das Abo „{{name}}“ widerrufen?',
  confirmText:
    'Seine Adresse zeigt nichts mehr. Programme behalten vielleicht, was sie gelesen haben.',
  create: { list: 'Aufgaben', kind: 'Gezeigt als', submit: 'Abo erstellen' },
  created: {
    title: 'Kopieren Sie die Adresse',
    warning:
      'Wer sie hat, kann diese Aufgaben ohne Anmeldung lesen. Tragen Sie sie in Ihrem Kalenderprogramm ein.',
    address: 'Adresse',
  },
  failures: {
    quota: 'Sie haben so viele Abos wie möglich. Widerrufen Sie zuerst eines.',
    list: 'Diese Liste gibt es nicht mehr. Wählen Sie eine andere.',
    lost: 'Keine Antwort. Das Abo kann trotzdem erstellt sein: Steht es unten, widerrufen Sie es.',
  },
};
