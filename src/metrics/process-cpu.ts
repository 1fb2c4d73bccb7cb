import { Counter } from './prom-client.js';
import { registry } from './registry.js';

/** Times that `process.cpuUsage()` returns, in microseconds, and their sum. */
const TIMES = {
  user: ({ user }: NodeJS.CpuUsage) => user,
  system: ({ system }: NodeJS.CpuUsage) => system,
  'user and system': ({ user, system }: NodeJS.CpuUsage) => user + system,
};

/** Measures the processor time of the process whenever the metrics are read. */
export function measureProcessorTime(): void {
  for (const [kind, microseconds] of Object.entries(TIMES)) {
    const infix = kind === 'user and system' ? '' : `${kind}_`;
    const counter = new Counter({
      name: `process_cpu_${infix}seconds_total`,
      help: `Total ${kind} CPU time spent in seconds.`,
      registers: [registry],
      collect() {
        counter.reset();
        counter.inc(microseconds(process.cpuUsage()) / 1e6);
      },
    });
  }
}
