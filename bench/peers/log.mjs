import { pino } from 'pino';

const output = pino.destination({ dest: 1, sync: true, minLength: 4_096 });
let isWaiting = false;

function flush() {
  isWaiting = false;
  output.flush();
}
process.once('exit', flush);

/** As our own: the lines of one turn of the event loop are one system call. */
export const log = pino(
  { level: 'info' },
  {
    write(line) {
      output.write(line);
      if (isWaiting) return;
      isWaiting = true;
      setImmediate(flush);
    },
  },
);
