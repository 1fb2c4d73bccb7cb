/** Parts that are checked, in the order in which they are reported. */
export const SUBJECTS = [
  'configuration',
  'database',
  'roles',
  'migrations',
  'clock',
  'notifications',
  'keys',
  'mail',
  'redis',
  'proxy',
] as const;

export type Subject = (typeof SUBJECTS)[number];

/** Result of a check. An error prevents service, a warning does not. */
export type Finding =
  | { readonly level: 'ok' | 'skipped'; readonly subject: Subject; readonly text: string }
  | {
      readonly level: 'warning' | 'error';
      readonly subject: Subject;
      readonly text: string;
      /** The command that mends it, or the setting to change. */
      readonly remedy: string;
    };

export const ok = (subject: Subject, text: string): Finding => ({ level: 'ok', subject, text });

export const warning = (subject: Subject, text: string, remedy: string): Finding => ({
  level: 'warning',
  subject,
  text,
  remedy,
});

export const error = (subject: Subject, text: string, remedy: string): Finding => ({
  level: 'error',
  subject,
  text,
  remedy,
});

/** Returns the subjects from `first` to `last` as skipped. */
export const skipped = (first: Subject, last: Subject, text: string): Finding[] =>
  SUBJECTS.slice(SUBJECTS.indexOf(first), SUBJECTS.indexOf(last) + 1).map((subject) => ({
    level: 'skipped',
    subject,
    text,
  }));

const LEVEL_WIDTH = 'warning'.length;
const SUBJECT_WIDTH = Math.max(...SUBJECTS.map(({ length }) => length));

/** Returns a finding as one line. */
export function lineOf(finding: Finding): string {
  const { level, subject, text } = finding;
  const sentences = 'remedy' in finding ? `${text} ${finding.remedy}` : text;
  const line = sentences.replaceAll(/\s*\n\s*/g, ' ');
  return `${level.padEnd(LEVEL_WIDTH)}  ${subject.padEnd(SUBJECT_WIDTH)}  ${line}`;
}

/** Returns the message of whatever was thrown, which some errors of sockets lack, without a period. */
export function reasonOf(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason);
  const { message, name, code = name } = reason as NodeJS.ErrnoException;
  return message.replace(/\.$/, '') || code;
}

/** Reports what a check throws, so that the others still run. */
export async function attempt(
  subject: Subject,
  check: () => Promise<Finding | Finding[]>,
): Promise<Finding[]> {
  try {
    return [await check()].flat();
  } catch (reason) {
    const text = `The check failed: ${reasonOf(reason)}.`;
    return [error(subject, text, 'The log of the other side may have the details.')];
  }
}
