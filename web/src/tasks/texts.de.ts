import type { Texts } from '../i18n';

export const tasks: Texts['tasks'] = {
  none: 'Keine Aufgaben',
};
