import type { Texts } from '../i18n';

export const history: Texts['history'] = {
  title: 'Verlauf von „{{title}}“',
  close: 'Verlauf schließen',
  open: 'Verlauf',
  loading: 'Der Verlauf wird gelesen …',
  failed: 'Der Verlauf ließ sich nicht lesen: {{detail}}',
  retry: 'Erneut versuchen',
  empty: 'Nichts ist verzeichnet.',
  more: 'Frühere Versionen zeigen',
  version: 'Version {{version}}',
  present: 'Jetzige Version',
  by: { session: 'von {{name}}', token: 'vom Token „{{name}}“', unknown: 'von einer Sitzung' },
  types: {
    created: 'Hinzugefügt',
    updated: 'Geändert',
    completed: 'Erledigt',
    reopened: 'Wieder geöffnet',
    moved: 'Verschoben',
    trashed: 'In den Papierkorb gelegt',
    restored: 'Wiederhergestellt',
  },
  becomes: 'wird zu',
  subtask: { below: 'Unter eine andere Aufgabe', out: 'Aus der übergeordneten heraus' },
  restore: 'Diese Version wiederherstellen',
  restoreLabel: 'Diese Version wiederherstellen: {{version}}',
  waiting:
    'Änderungen dieser Aufgabe warten noch. Frühere Versionen lassen sich danach wiederherstellen.',
};
