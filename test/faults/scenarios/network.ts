import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseProxy } from '../../support/tcp-proxy.ts';
import { Load } from '../load.ts';
import { type Context, type Scenario, startProgram } from '../scenario.ts';

const BETWEEN = 500;
/** Milliseconds: more than a statement may take, so that whatever is given up is given up. */
const LONG_MS = 14_000;
/** Milliseconds that each answer is late. */
const A_LITTLE = 100;
/** One statement may still be answered in time, a transaction of several not. */
const PER_STATEMENT = 4_000;
const TOO_LATE = 12_000;

/** Each answer of the database comes so many milliseconds late. */
const slow = (lag: number, lasts: number): Fault => ({
  name: `answers ${String(lag / 1_000)} s late`,
  lasts,
  begin: (proxy) => proxy.slow(lag),
  end: (proxy) => proxy.slow(0),
});

interface Fault {
  readonly name: string;
  readonly lasts: number;
  begin(proxy: DatabaseProxy): void;
  end(proxy: DatabaseProxy): void;
}

const FAULTS: readonly Fault[] = [
  slow(A_LITTLE, 5_000),
  slow(PER_STATEMENT, LONG_MS + 10_000),
  slow(TOO_LATE, LONG_MS),
  {
    name: 'a network that swallows everything',
    lasts: LONG_MS,
    begin: (proxy) => proxy.freeze(),
    end: (proxy) => proxy.mend(),
  },
  {
    name: 'connections refused',
    lasts: 3_000,
    begin: (proxy) => proxy.cut(),
    end: (proxy) => proxy.mend(),
  },
];

export const network: Scenario = {
  name: 'network',
  title: () => 'slow, black-holed and refusing database',
  async run(context: Context) {
    const { postgres, tally, print } = context;
    const databaseUrl = await postgres.createDatabase();
    const proxy = new DatabaseProxy(databaseUrl);
    const { program, url } = await startProgram(context, { DATABASE_URL: await proxy.start() });
    const load = await Load.start(url, tally, { tolerates: [503] });
    for (const fault of FAULTS) {
      await load.untilAcknowledged(BETWEEN);
      fault.begin(proxy);
      await delay(fault.lasts);
      fault.end(proxy);
      const seconds = await load.recovery(performance.now());
      print(`${fault.name}: recovered after ${seconds.toFixed(1)} s`);
    }
    await load.verify(databaseUrl);
    await program.kill('SIGTERM');
    await proxy.stop();
  },
};
