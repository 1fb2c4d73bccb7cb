/**
 * Looks for the body that takes the longest to parse and validate, in the compiled program. Prints how
 * many times longer it takes than parsing the yardstick, and how it begins.
 */
import 'reflect-metadata';
import fc from 'fast-check';
import { anyBody, EXAMPLES, type HostileBody, YARDSTICK } from '../test/support/hostile-bodies.ts';

const dist = new URL('../dist/', import.meta.url);
const load = (path: string) => import(new URL(path, dist).href) as Promise<Record<string, never>>;
type Reader = (bytes: Buffer, headers: object) => unknown;
type Pipe = new () => { transform(body: unknown, metadata: object): unknown };

const { readJson } = (await load('http/body-parser.js')) as unknown as { readJson: Reader };
const { ProblemValidationPipe } = (await load('validation/validation.pipe.js')) as unknown as {
  ProblemValidationPipe: Pipe;
};
const { TaskBatchDto: batch } = await load('tasks/task-batch.dto.js');
const { CreateTaskDto: task } = await load('tasks/task.dto.js');
const pipe = new ProblemValidationPipe();

/** Runs that are measured together: some systems count a thread's time in steps of milliseconds. */
const RUNS = 12;
const BODIES = 150;

/** Returns the mean CPU time of this thread in milliseconds. */
function threadTimeOf(work: () => unknown): number {
  const start = process.threadCpuUsage();
  for (let i = 0; i < RUNS; i += 1) work();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1_000 / RUNS;
}

function validate({ text, kind }: HostileBody): void {
  try {
    pipe.transform(readJson(Buffer.from(text), {}), {
      type: 'body',
      metatype: { batch, task }[kind],
    });
  } catch {
    // Most are rejected.
  }
}

const bodies = [...EXAMPLES, ...fc.sample(anyBody, BODIES)];
for (const body of EXAMPLES) validate(body);
const yardstick = threadTimeOf(() => JSON.parse(YARDSTICK) as unknown);
const times = bodies.map((body) =>
  threadTimeOf(() => {
    validate(body);
  }),
);
const max = Math.max(...times);
const beginning = bodies[times.indexOf(max)]?.text.slice(0, 60);
process.stdout.write(JSON.stringify({ times: max / yardstick, beginning }));
