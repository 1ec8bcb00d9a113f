import { parseArgs } from "node:util";
import { torturePostgres } from "./postgres-torture.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: "string", default: "200" } },
});
const report = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** What can be tortured, by name. */
const targets: Readonly<
  Record<string, (kills: number) => Promise<{ readonly damage: readonly string[] }>>
> = {
  postgres: (kills) => torturePostgres({ kind: "server", kills, random: Math.random, report }),
  pglite: (kills) => torturePostgres({ kind: "pglite", kills, random: Math.random, report }),
};

const [name = ""] = positionals;
const torture = targets[name];
if (torture === undefined) {
  process.stderr.write(
    `usage: npm run torture -- ${Object.keys(targets).join("|")} [--kills 200]\n`,
  );
  process.exitCode = 2;
} else {
  const result = await torture(Number(values.kills));
  report(JSON.stringify(result, undefined, 2));
  if (result.damage.length > 0) process.exitCode = 1;
}
