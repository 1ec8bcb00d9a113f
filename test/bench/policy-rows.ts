import { Astrocyte, cosineSimilarity, systemClock, type EngineProvider } from "astrocyte";
import { reciprocalRankFusion } from "astrocyte/pipeline";
import {
  compileCustomPattern,
  heuristicTokenCount,
  InjectionGuard,
  loadPatternEngine,
  loadTiktokenCounter,
  PiiDetector,
  RateLimiter,
  sanitizeMetadata,
} from "astrocyte/policy";
import { attackShapes } from "./attack-shapes.js";

/** One line of the table of policy figures. */
export interface PolicyRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

const kilobyte = 1024;
const megabyte = kilobyte * kilobyte;

/** Milliseconds of one run: the median of several, after one that does not count. */
function medianMs(run: () => unknown, runs = 5): number {
  run();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  }).toSorted((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? 0;
}

function repeated(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

const prose =
  "The committee met in the old library and agreed that the new plan was worth another look before winter. " +
  "Nobody could say how long it would take, but everyone wanted to begin. ";
const dense =
  "Mail ada@example.com or call 555-123-4567, card 4111 1111 1111 1111, ssn 123-45-6789, from 10.0.0.1. ";

function throughput(name: string, scan: (text: string) => unknown, text: string): PolicyRow {
  const milliseconds = medianMs(() => scan(text));
  return { name, value: text.length / megabyte / (milliseconds / 1000), unit: "MB/s" };
}

function piiRows(): PolicyRow[] {
  const detector = new PiiDetector();
  const all = new PiiDetector({
    countries: ["SG", "IN", "US", "UK", "DE", "FR", "IT", "ES", "AU", "CA", "JP", "CN"],
  });
  const detect = (text: string) => detector.detect(text);
  return [
    throughput("PII on clean prose", detect, repeated(prose, megabyte)),
    throughput("PII on dense personal data", detect, repeated(dense, megabyte)),
    throughput("PII with every country", (text) => all.detect(text), repeated(dense, megabyte)),
  ];
}

/** Runs of a character or two, which rules for text begin with, or split at. */
const runs = Object.fromEntries(
  ["-", "=", "#", "*", "'", '"', "<", "[", "{", "/", "a'", "a.", "a_"].map((piece) => [
    `runs of ${piece}`,
    (length: number) => repeated(piece, length),
  ]),
);

/**
 * How a scan grows on texts that are made to slow it down; linear is 4. Each size scans the same amount in texts of that size and
 * keeps all results, so that every size leaves the garbage collector the same work.
 */
function growthRows(
  name: string,
  scan: (text: string) => unknown,
  shapes: Readonly<Record<string, (length: number) => string>>,
  largest: number,
): PolicyRow[] {
  const rows = Object.entries(shapes).map(([shape, make]) => {
    const times = [largest / 64, largest / 16, largest / 4, largest].map((size) => {
      const text = make(size);
      const texts = Array.from({ length: largest / size }, () => text);
      return medianMs(() => texts.map((one) => scan(one)));
    });
    const growth = Math.max(
      ...[1, 2, 3].map((at) => (4 * (times[at] ?? 0)) / (times[at - 1] ?? Number.NaN)),
    );
    return { shape, growth, atLargest: times[3] ?? 0 };
  });
  const slowest = Math.max(...rows.map(({ atLargest }) => atLargest));
  return [
    ...rows.map(({ shape, growth }) => ({
      name: `${name}: growth on ${shape}`,
      value: growth,
      unit: "x for 4x the text",
    })),
    {
      name: `${name}: worst growth`,
      value: Math.max(...rows.map(({ growth }) => growth)),
      unit: "x",
    },
    { name: `${name}: slowest ${largest / kilobyte} kB`, value: slowest, unit: "ms" },
  ];
}

function sanitize(key: string): unknown {
  return sanitizeMetadata({ [key]: key }, { strict: true });
}

async function allGrowthRows(): Promise<PolicyRow[]> {
  const detector = new PiiDetector();
  const guard = new InjectionGuard();
  const badge = compileCustomPattern(
    { name: "badge", pattern: String.raw`\b[A-Z]{2,3}-?\d{4,8}\b` },
    await loadPatternEngine(),
  );
  const shapes = { ...attackShapes, ...runs };
  return [
    ...growthRows("PII", (text) => detector.detect(text), attackShapes, megabyte),
    ...growthRows("injection guard", (text) => guard.inspect(text), shapes, megabyte),
    ...growthRows("metadata", sanitize, shapes, megabyte / 4),
    ...growthRows("custom pattern", (text) => badge.find(text), shapes, megabyte / 4),
  ];
}

async function tokenRows(): Promise<PolicyRow[]> {
  const exact = await loadTiktokenCounter("cl100k_base");
  return [
    throughput("heuristic tokens", heuristicTokenCount, repeated(prose, megabyte)),
    throughput("cl100k_base tokens", exact, repeated(prose, megabyte / 4)),
    throughput("cl100k_base tokens, one letter", exact, repeated("a", megabyte / 16)),
  ];
}

function fusionRow(length: number): PolicyRow {
  const lists = Array.from({ length: 4 }, (_, list) => ({
    name: String(list),
    items: Array.from({ length }, (_unused, rank) => ({
      id: String((rank * 7 + list * 13) % (length * 2)),
      score: 1 / (rank + 1),
    })),
  }));
  const microseconds = medianMs(() => reciprocalRankFusion(lists), 15) * 1000;
  return { name: `rank fusion, 4 lists of ${length}`, value: microseconds, unit: "µs" };
}

function cosineRow(): PolicyRow {
  const dimension = 384;
  const vectorOf = (seed: number) =>
    Float32Array.from({ length: dimension }, (_, at) => Math.sin(seed * 31 + at));
  const vectors = Array.from({ length: 10_000 }, (_, seed) => vectorOf(seed));
  const query = vectorOf(5);
  const milliseconds = medianMs(() => {
    for (const vector of vectors) cosineSimilarity(query, vector);
  });
  return { name: "cosine, 10k x 384", value: milliseconds, unit: "ms" };
}

function limiterRow(): PolicyRow {
  const limiter = new RateLimiter({ maxPerMinute: 1e9, clock: systemClock });
  const operations = 200_000;
  const milliseconds = medianMs(() => {
    for (let at = 0; at < operations; at += 1) limiter.tryTake(`bank-${at % 100}`, "retain");
  });
  return { name: "rate limiter", value: operations / (milliseconds / 1000), unit: "ops/s" };
}

const instantEngine: EngineProvider = {
  spiVersion: 1,
  name: "instant",
  capabilities: {
    supportsReflect: false,
    supportsForget: false,
    supportsSemanticSearch: true,
    supportsKeywordSearch: false,
    supportsGraphSearch: false,
    supportsTemporalSearch: false,
    supportsDispositions: false,
    supportsConsolidation: false,
    supportsEntities: false,
    supportsTags: true,
    supportsMetadata: true,
    supportsCompile: false,
  },
  retain: () =>
    Promise.resolve({ stored: true, memoryId: "m", deduplicated: false, curated: false }),
  recall: () =>
    Promise.resolve({ hits: [], totalAvailable: 0, truncated: false, topSemanticScore: 0 }),
  health: () => Promise.resolve({ healthy: true, message: "" }),
};

/** What every policy together adds to a call, over an engine that answers at once. */
async function overheadRows(): Promise<PolicyRow[]> {
  const brain = new Astrocyte({ engine: instantEngine });
  const content = repeated(prose, kilobyte);
  const calls = 2_000;
  const perCall = async (call: () => Promise<unknown>): Promise<number> => {
    const times: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const start = performance.now();
      for (let at = 0; at < calls; at += 1) await call();
      times.push(((performance.now() - start) / calls) * 1000);
    }
    return times.toSorted((a, b) => a - b)[2] ?? 0;
  };
  const metadata = { topic: "plans", page: 3 };
  return [
    {
      name: "policies of one retain, 1 kB",
      value: await perCall(() => brain.retain(content, { bankId: "b", metadata, tags: ["t"] })),
      unit: "µs",
    },
    {
      name: "policies of one recall",
      value: await perCall(() => brain.recall("what was agreed", { bankId: "b" })),
      unit: "µs",
    },
  ];
}

/** Every figure of the policy layer, in the order of the table. */
export async function policyRows(): Promise<PolicyRow[]> {
  return [
    ...piiRows(),
    ...(await allGrowthRows()),
    ...(await tokenRows()),
    fusionRow(100),
    fusionRow(1_000),
    cosineRow(),
    limiterRow(),
    ...(await overheadRows()),
  ];
}
