/**
 * Puts a store through what it must survive, and ends with one line of figures; exits with 1 when anything was wrong:
 *
 *     npm run torture -- [sqlite | postgres | pglite] [--kills 200] [--processes 8] [--rounds 1000] [--banks 50] [--json <file>]
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { textTable } from "../../conformance/text-table.js";
import { runCrashes } from "./crashes.js";
import { runCrowd } from "./crowd.js";
import { torturePostgres } from "./postgres-torture.js";
import { subjects } from "./subjects.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: "string", default: "200" },
    processes: { type: "string", default: "8" },
    rounds: { type: "string", default: "1000" },
    banks: { type: "string", default: "50" },
    json: { type: "string" },
  },
});

const print = (text: string): void => void process.stdout.write(`${text}\n`);

function percentile(times: readonly number[], share: number): string {
  const sorted = times.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
}

/** Servers, whose processes are killed as well as those of their clients. */
const servers: Readonly<Record<string, "server" | "pglite">> = {
  postgres: "server",
  pglite: "pglite",
};

const folder = mkdtempSync(join(tmpdir(), "astrocyte-torture-"));
const names = positionals.length === 0 ? Object.keys(subjects) : positionals;
const figures: Record<string, number> = {};
const problems: string[] = [];
try {
  for (const subject of names) {
    const kind = servers[subject];
    if (kind !== undefined) {
      print(`\n${subject}: killed while it retains and forgets`);
      const kills = Number(values.kills);
      const { damage, ...counts } = await torturePostgres({
        kind,
        kills,
        random: Math.random,
        report: print,
      });
      print(JSON.stringify(counts, undefined, 2));
      problems.push(...damage.map((one) => `${subject}: ${one}`));
      figures[`${subject}: kills`] = kills;
      continue;
    }
    print(`\n${subject}: killed while it retains and forgets`);
    const crashes = await runCrashes({
      subject,
      place: join(folder, `${subject}-crash.db`),
      kills: Number(values.kills),
      onKill: ({ kills, retained, forgotten }) => {
        if (kills % 20 === 0)
          print(`  ${kills} kills, ${retained} retained, ${forgotten} forgotten`);
      },
    });
    const { problems: broken, ...counts } = crashes;
    print(
      textTable([
        ["kills", "retained", "forgotten", "hit an operation", "of these done", "problems"],
        [...Object.values(counts), broken.length].map(String),
      ]),
    );
    const { processes, rounds, banks } = values;
    print(
      `\n${subject}: ${processes} processes, ${rounds} retains and recalls each, ${banks} banks`,
    );
    const crowd = await runCrowd({
      subject,
      place: join(folder, `${subject}-crowd.db`),
      processes: Number(processes),
      rounds: Number(rounds),
      banks: Number(banks),
    });
    print(
      textTable([
        ["", "calls", "p50 ms", "p95 ms", "p99 ms", "slowest ms"],
        ...(["retainMs", "recallMs"] as const).map((name) => [
          name.slice(0, -2),
          String(crowd[name].length),
          ...[0.5, 0.95, 0.99, 1].map((share) => percentile(crowd[name], share)),
        ]),
      ]),
    );
    problems.push(...[...broken, ...crowd.problems].map((problem) => `${subject}: ${problem}`));
    Object.assign(figures, {
      [`${subject}: kills`]: crashes.kills,
      [`${subject}: retained`]: crashes.retained,
      [`${subject}: forgotten`]: crashes.forgotten,
      [`${subject}: memories of the crowd`]: crowd.memories,
      [`${subject}: retain p99 (ms)`]: Number(percentile(crowd.retainMs, 0.99)),
      [`${subject}: recall p99 (ms)`]: Number(percentile(crowd.recallMs, 0.99)),
    });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems.slice(0, 20)) print(`  ${problem}`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
print(
  `\ntorture=${names.join(",")} kills=${values.kills} processes=${values.processes} problems=${problems.length}`,
);
if (problems.length > 0) process.exitCode = 1;
