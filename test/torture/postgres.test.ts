import { expect, it } from "vitest";
import { noRealServer } from "../adapters/postgres/support.js";
import { torturePostgres } from "./postgres-torture.js";

it.skipIf(noRealServer !== undefined)(
  "a killed process or server loses nothing acknowledged and leaves no half of anything (skipped where PostgreSQL is not installed)",
  async () => {
    const result = await torturePostgres({ kind: "server", kills: 8, random: Math.random });
    expect(result.damage).toEqual([]);
    expect(result.kills).toBe(8);
    expect(result.retained).toBeGreaterThan(8);
    expect(result.forgotten).toBeGreaterThan(0);
  },
);

it.skipIf(noRealServer !== undefined)(
  "notices a process that acknowledges what it has not done (skipped where PostgreSQL is not installed)",
  async () => {
    const { damage } = await torturePostgres({
      kind: "server",
      kills: 8,
      random: Math.random,
      acknowledgesEarly: true,
    });
    expect(damage.join()).toMatch(/lost/);
  },
);
