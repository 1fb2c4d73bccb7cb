import { account } from '../account/texts.en';
import { auth } from '../auth/texts.en';
import { feeds } from '../feeds/texts.en';
import { history } from '../history/texts.en';
import { lists } from '../lists/texts.en';
import { recurrence } from '../recurrence/texts.en';
import { tasks } from '../tasks/texts.en';
import { tokens } from '../tokens/texts.en';
import { transfer } from '../transfer/texts.en';

/** The English texts. `de.ts` has the same keys, or it does not compile. */
export const en = {
  app: {
    name: 'Taskward',
    skipToContent: 'Skip to content',
    navigation: 'Main',
    today: 'Today',
    upcoming: 'Upcoming',
    all: 'All',
    trash: 'Trash',
    account: 'Account',
    notFound: 'There is no such page.',
    toToday: 'Go to Today',
    close: 'Close',
    cancel: 'Cancel',
    revoke: 'Revoke',
    failures: {
      network: 'The server cannot be reached. Try again.',
      scope: 'The token that you entered this page with does not allow this.',
      other: 'That did not work: {{detail}}',
    },
    copy: {
      once: 'It is not shown again.',
      done: 'Done',
      button: 'Copy',
      copied: 'Copied.',
      notCopied:
        'The browser did not let it be copied. It is selected: copy it by the keyboard or the menu.',
    },
    update: { text: 'A new version is ready.', reload: 'Reload', later: 'Later' },
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
} as const;
