import type { Texts } from '../i18n';

/** The reasons for which a task stays where it is, by the API's codes and the page's own. */
export const moveRules: Texts['tasks']['moveRules'] = {
  first: 'Sie ist schon die erste.',
  last: 'Sie ist schon die letzte.',
  nothingAbove: 'Darüber ist keine Aufgabe, unter die sie könnte.',
  noParent: 'Sie hat keine übergeordnete Aufgabe.',
  too_deep: 'Über einer Aufgabe stehen höchstens vier.',
  cycle: 'Eine Aufgabe kann nicht unter sich selbst stehen.',
  not_found: 'Die Aufgabe daneben ist nicht mehr da.',
  not_of_sibling: 'Die Aufgabe daneben wurde verschoben.',
  otherOrder: 'Verschieben lassen sich Aufgaben in „Eigene Reihenfolge“.',
};
