import { account } from '../account/texts.de';
import { auth } from '../auth/texts.de';
import { feeds } from '../feeds/texts.de';
import { history } from '../history/texts.de';
import { lists } from '../lists/texts.de';
import { recurrence } from '../recurrence/texts.de';
import { tasks } from '../tasks/texts.de';
import { tokens } from '../tokens/texts.de';
import { transfer } from '../transfer/texts.de';
import type { Texts } from '.';

export const de: Texts = {
  app: {
    name: 'Taskward',
    skipToContent: 'Zum Inhalt springen',
    navigation: 'Hauptnavigation',
    today: 'Heute',
    upcoming: 'Demnächst',
    all: 'Alle',
    trash: 'Papierkorb',
    account: 'Konto',
    notFound: 'Diese Seite gibt es nicht.',
    toToday: 'Zu Heute',
    close: 'Schließen',
    cancel: 'Abbrechen',
    revoke: 'Widerrufen',
    failures: {
      network: 'Der Server ist nicht erreichbar. Versuchen Sie es noch einmal.',
      scope: 'Das Token, mit dem Sie diese Seite betreten haben, erlaubt das nicht.',
      other: 'Das hat nicht geklappt: {{detail}}',
    },
    copy: {
      once: 'Wird nur dieses eine Mal angezeigt.',
      done: 'Fertig',
      button: 'Kopieren',
      copied: 'Kopiert.',
      notCopied:
        'Der Browser hat das Kopieren nicht erlaubt. Es ist ausgewählt: Kopieren Sie es mit der Tastatur oder dem Menü.',
    },
    update: { text: 'Eine neue Version ist bereit.', reload: 'Neu laden', later: 'Später' },
  },
  auth,
  account,
  feeds,
  history,
  lists,
  recurrence,
  tasks,
  tokens,
  transfer,
};
