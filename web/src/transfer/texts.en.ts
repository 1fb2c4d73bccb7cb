export const transfer = {
  title: 'Your data',
  link: 'Export your tasks',
  linkHelp: 'Take your tasks and lists with you.',
  back: 'Back to the account',
  format: 'Format',
  export: {
    title: 'Export',
    help: 'A file of your tasks and lists. It has no passwords or tokens.',
    formats: { json: 'Taskward (JSON)', csv: 'Spreadsheet (CSV)', ics: 'Calendar (iCalendar)' },
    formatHelp: {
      json: 'Everything, with lists, trash and order.',
      csv: 'A line for each task that is not in the trash.',
      ics: 'A to-do for each task that is not in the trash.',
    },
    download: 'Download',
    received: '{{size}} received',
    saved: '{{name}} ({{size}}) is handed to your browser.',
  },
} as const;
