/** One line of the plot: milliseconds by number of memories. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [memories: number, milliseconds: number])[];
}

const [width, height] = [720, 420];
const frame = { left: 70, right: 500, top: 30, bottom: 360 };
const colours = ["#0b6e4f", "#8a8a8a", "#c8553d", "#3d5a98", "#b8860b"];

function powers(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  return Array.from({ length: last - first + 1 }, (_, at) => 10 ** (first + at));
}

/** Maps a value to a coordinate, by its logarithm. */
function scale(ticks: readonly number[], from: number, to: number): (value: number) => number {
  const low = Math.log10(ticks[0] ?? 1);
  const high = Math.log10(ticks.at(-1) ?? 10);
  return (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
}

function text(x: number, y: number, content: string, anchor = "start", colour = "#333"): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${colour}">${content}</text>`;
}

/** Labels at the ends of the lines, far enough apart to be read. */
function spaced(wanted: readonly number[]): number[] {
  const places = [...wanted];
  const order = [...wanted.keys()].toSorted((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  let least = Number.NEGATIVE_INFINITY;
  for (const at of order) {
    places[at] = Math.max(wanted[at] ?? 0, least);
    least = (places[at] ?? 0) + 16;
  }
  return places;
}

/** A log-log plot of the cost of one search, as SVG. */
export function plot(title: string, series: readonly Series[]): string {
  const points = series.flatMap((one) => one.points);
  const counts = points.map(([memories]) => memories);
  const times = points.map(([, milliseconds]) => milliseconds);
  const xTicks = powers(Math.min(...counts), Math.max(...counts));
  const yTicks = powers(Math.min(...times), Math.max(...times));
  const x = scale(xTicks, frame.left, frame.right);
  const y = scale(yTicks, frame.bottom, frame.top);
  const grid = [
    ...xTicks.flatMap((tick) => [
      `<path d="M${x(tick).toFixed(1)} ${frame.top}V${frame.bottom}" stroke="#ddd"/>`,
      text(x(tick), frame.bottom + 18, tick.toLocaleString("en"), "middle"),
    ]),
    ...yTicks.flatMap((tick) => [
      `<path d="M${frame.left} ${y(tick).toFixed(1)}H${frame.right}" stroke="#ddd"/>`,
      text(frame.left - 8, y(tick) + 4, `${tick} ms`, "end"),
    ]),
  ];
  const labels = spaced(series.map((one) => y(one.points.at(-1)?.[1] ?? 1) + 4));
  const lines = series.flatMap(({ name, points: line }, at) => {
    const colour = colours[at % colours.length] ?? "#000";
    const path = line
      .map(([memories, ms]) => `${x(memories).toFixed(1)} ${y(ms).toFixed(1)}`)
      .join("L");
    const last = line.at(-1) ?? [1, 1];
    return [
      `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="${at === 0 ? 3 : 1.5}"/>`,
      text(x(last[0]) + 8, labels[at] ?? 0, `${name}, ${last[1].toFixed(1)} ms`, "start", colour),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(frame.left, 18, title),
    ...grid,
    ...lines,
    text((frame.left + frame.right) / 2, height - 16, "memories in the bank", "middle"),
    "</svg>\n",
  ].join("\n");
}
