import { isReached, type Ratio } from './report.ts';

const WIDTH = 720;
const LABELS = 210;
const ROW = 34;
const TOP = 44;

/** Without the rate, which differs from run to run. */
const labelOf = ({ title, better }: Ratio) =>
  `${title.split(' at ')[0] ?? ''}${better === 'less' ? ', inverse' : ''}`;

const escape = (text: string) =>
  text.replaceAll('`', '').replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .back { fill: #ffffff; } .reached { fill: #2da44e; } .missed { fill: #d4a72c; }
  .goal { stroke: #1f2328; stroke-width: 2; } .bare { stroke: #8c959f; stroke-dasharray: 4 3; }
  .spread { stroke: #57606a; stroke-width: 1.5; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .back { fill: #0d1117; } .goal { stroke: #e6edf3; }
    .spread { stroke: #afb8c1; }
  }`;

/** The ratios as bars, as an SVG image; of latencies the inverse, so that longer is better. */
export function chart(ratios: readonly Ratio[], caption: string): string {
  const speed = (ratio: Ratio, value: number) => (ratio.better === 'more' ? value : 1 / value);
  const most = Math.max(1.25, ...ratios.map((ratio) => speed(ratio, ratio.ratio))) * 1.12;
  const x = (value: number) => LABELS + (Math.min(value, most) / most) * (WIDTH - LABELS - 60);
  const rows = ratios.map((ratio, i) => {
    const y = TOP + i * ROW;
    const [end, goal, low, high] = [ratio.ratio, ratio.goal, ratio.low, ratio.high].map((value) =>
      x(speed(ratio, value)).toFixed(1),
    );
    const width = (Number(end) - LABELS).toFixed(1);
    return `<g>
    <text x="${String(LABELS - 10)}" y="${String(y + 17)}" text-anchor="end">${escape(labelOf(ratio))}</text>
    <rect class="${isReached(ratio) ? 'reached' : 'missed'}" x="${String(LABELS)}" y="${String(y)}" width="${width}" height="24" rx="2"/>
    <line class="spread" x1="${String(low)}" x2="${String(high)}" y1="${String(y + 12)}" y2="${String(y + 12)}"/>
    <line class="goal" x1="${String(goal)}" x2="${String(goal)}" y1="${String(y - 3)}" y2="${String(y + 27)}"/>
    <text x="${String(WIDTH - 50)}" y="${String(y + 17)}">${ratio.ratio.toFixed(2)}</text>
  </g>`;
  });
  const bottom = TOP + ratios.length * ROW;
  const size = `width="${String(WIDTH)}" height="${String(bottom + 30)}"`;
  const one = x(1).toFixed(1);
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="Taskward ÷ the bare service">
  <style>${STYLE}
  </style>
  <rect class="back" ${size}/>
  <text x="10" y="24">Requests/s, Taskward ÷ a bare service; thick mark: the goal, thin line: the rounds</text>
  <line class="bare" x1="${one}" x2="${one}" y1="${String(TOP - 8)}" y2="${String(bottom)}"/>
  ${rows.join('\n  ')}
  <text x="10" y="${String(bottom + 20)}">${escape(caption)}</text>
</svg>
`;
}
