import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createPostgresStore } from "astrocyte/adapters/postgres";
import { Client } from "pg";
import { startPglite } from "../support/postgres/start-pglite.js";
import { findPostgres, startPostgres } from "../support/postgres/start-postgres.js";

const child = fileURLToPath(new URL("postgres-child.ts", import.meta.url));

export interface TortureOptions {
  /** `server` is a real PostgreSQL, whose own processes are killed too; `pglite` a folder that the child opens itself. */
  readonly kind: "server" | "pglite";
  readonly kills: number;
  /** In `[0, 1)`. */
  readonly random: () => number;
  readonly report?: (line: string) => void;
  /** Has the child acknowledge what it has not done yet, which must be found out. */
  readonly acknowledgesEarly?: boolean;
}

export interface TortureResult {
  readonly kills: number;
  readonly retained: number;
  readonly forgotten: number;
  /** Kills that hit a step between its beginning and its acknowledgement. */
  readonly interrupted: number;
  /** What should not be; empty when all is well. */
  readonly damage: readonly string[];
}

interface Place {
  /** What the child is given. */
  readonly address: string;
  /** A server to look at what the child left, and the end of looking. */
  readonly look: () => Promise<{ url: string; poolSize: number; leave: () => Promise<void> }>;
  readonly stop: () => Promise<void>;
}

async function openPlace(kind: TortureOptions["kind"]): Promise<Place> {
  if (kind === "server") {
    const programs = await findPostgres();
    if (programs === undefined) throw new Error("PostgreSQL is not installed");
    const { url, poolSize, stop } = await startPostgres(programs, { restart_after_crash: "on" });
    const look = () => Promise.resolve({ url, poolSize, leave: () => Promise.resolve() });
    return { address: url, look, stop };
  }
  const folder = await mkdtemp(join(tmpdir(), "astrocyte-torture-"));
  const look = async () => {
    const { url, poolSize, stop } = await startPglite(folder);
    return { url, poolSize, leave: stop };
  };
  return { address: folder, look, stop: () => rm(folder, { recursive: true, force: true }) };
}

interface Life {
  readonly steps: readonly string[];
  readonly errors: string;
}

/** Lets a child work for a while, and kills it, or the server's process that works for it. */
async function liveAndDie(
  place: Place,
  prefix: string,
  { lifeMs, killServer, flaw }: { lifeMs: number; killServer: boolean; flaw: string },
): Promise<Life> {
  const worker = spawn(
    process.execPath,
    ["--import", "tsx", "--conditions=@astrocyte/source", child, place.address, prefix, flaw],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const steps: string[] = [];
  let errors = "";
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: worker.stdout }).on("line", (line) => {
      if (line === "ready") resolve();
      else steps.push(line);
    });
    worker.once("close", () => resolve());
  });
  worker.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    errors += chunk;
  });
  const closed = once(worker, "close");
  await ready;
  await sleep(lifeMs);
  if (killServer) {
    const client = new Client({ connectionString: place.address });
    client.on("error", () => {});
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'astrocyte'",
    );
    for (const { pid } of rows) process.kill(pid, "SIGKILL");
    await client.end().catch(() => {});
    // The child loses its connection, and dies of that or of this.
    await sleep(50);
  }
  worker.kill("SIGKILL");
  await closed;
  return { steps, errors: killServer ? "" : errors };
}

interface Expected {
  /** Ids by bank. */
  readonly kept: Map<string, string>;
  readonly gone: Map<string, string>;
  /** What the last step, which nobody acknowledged, was about. */
  readonly open: string | undefined;
  readonly retained: number;
  readonly forgotten: number;
}

function expectedOf(steps: readonly string[]): Expected {
  const kept = new Map<string, string>();
  const gone = new Map<string, string>();
  let retained = 0;
  let forgotten = 0;
  let open: string | undefined;
  for (const [word, id = "", bankId = ""] of steps.map((line) => line.split(" "))) {
    if (word === "retaining" || word === "forgetting") {
      open = id;
      kept.delete(id);
    } else if (word === "retained") {
      open = undefined;
      retained += 1;
      kept.set(id, bankId);
    } else if (word === "forgotten") {
      open = undefined;
      forgotten += 1;
      gone.set(id, bankId);
    }
  }
  return { kept, gone, open, retained, forgotten };
}

const halves = `
  SELECT 'memory without entity or link: ' || m.id AS what FROM astrocyte.astrocyte_memories m
    WHERE NOT EXISTS (SELECT 1 FROM astrocyte.astrocyte_mentions n WHERE n.bank_id = m.bank_id AND n.memory_id = m.id)
      OR NOT EXISTS (SELECT 1 FROM astrocyte.astrocyte_entities e WHERE e.bank_id = m.bank_id AND e.id = 'e-' || m.id)
      OR NOT EXISTS (SELECT 1 FROM astrocyte.astrocyte_memory_links l WHERE l.bank_id = m.bank_id AND l.source_id = m.id)
  UNION ALL
  SELECT 'entity without memory: ' || e.id FROM astrocyte.astrocyte_entities e
    WHERE NOT EXISTS (SELECT 1 FROM astrocyte.astrocyte_memories m WHERE m.bank_id = e.bank_id AND 'e-' || m.id = e.id)
  UNION ALL
  SELECT 'mention without memory: ' || n.memory_id FROM astrocyte.astrocyte_mentions n
    WHERE NOT EXISTS (SELECT 1 FROM astrocyte.astrocyte_memories m WHERE m.bank_id = n.bank_id AND m.id = n.memory_id)
  UNION ALL
  SELECT 'link without memory: ' || l.source_id FROM astrocyte.astrocyte_memory_links l
    WHERE NOT EXISTS (SELECT 1 FROM astrocyte.astrocyte_memories m WHERE m.bank_id = l.bank_id AND m.id = l.source_id)
  UNION ALL
  SELECT 'wrong statistics: ' || b.bank_id FROM astrocyte.astrocyte_banks b
    WHERE (b.documents, b.words) IS DISTINCT FROM (SELECT (count(*), coalesce(sum(m.word_count), 0))
      FROM astrocyte.astrocyte_memories m WHERE m.bank_id = b.bank_id)
  UNION ALL
  SELECT 'index misses: ' || m.id FROM astrocyte.astrocyte_memories m
    WHERE m.words IS DISTINCT FROM to_tsvector('astrocyte.astrocyte_words', regexp_replace(m.text, '[^a-z0-9]+', ' ', 'g'))`;

/** What a fresh store, and the tables themselves, say against the acknowledgements. */
async function inspect(place: Place, expected: readonly Expected[]): Promise<string[]> {
  const { url, poolSize, leave } = await place.look();
  const damage: string[] = [];
  const store = await createPostgresStore({ url, poolSize });
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ what: string }>(halves);
  damage.push(...rows.map(({ what }) => what));
  const stored = await client.query<{ id: string }>("SELECT id FROM astrocyte.astrocyte_memories");
  const ids = new Set(stored.rows.map(({ id }) => id));
  const allowed = new Set<string>();
  for (const { kept, gone, open } of expected) {
    for (const id of kept.keys()) {
      allowed.add(id);
      if (!ids.has(id)) damage.push(`lost: ${id}`);
    }
    for (const id of gone.keys()) if (ids.has(id)) damage.push(`not forgotten: ${id}`);
    if (open !== undefined) allowed.add(open);
  }
  for (const id of ids) if (!allowed.has(id)) damage.push(`came from nowhere: ${id}`);
  // The newest of each kind is asked for through the store too.
  const last = expected.at(-1);
  const [keptId, keptBank] = [...(last?.kept ?? [])].at(-1) ?? [];
  if (keptId !== undefined && keptBank !== undefined) {
    const options = { bankId: keptBank, limit: 1 };
    const [hit] = await store.searchFulltext(keptId.replaceAll("-", " "), options);
    if (hit === undefined) damage.push(`not found: ${keptId}`);
    const [neighbor] = await store.queryNeighbors([`e-${keptId}`], options);
    if (neighbor?.memoryId !== keptId) damage.push(`not in the graph: ${keptId}`);
  }
  await client.end();
  await store.close();
  await leave();
  return damage;
}

async function answersAgain(place: Place): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const client = new Client({ connectionString: place.address });
    client.on("error", () => {});
    try {
      await client.connect();
      return;
    } catch (error) {
      if (tries === 600) throw error;
      await sleep(50);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/**
 * Kills a process that retains and forgets, at random moments, and compares what is there with what had been acknowledged: every
 * acknowledged retain with its entity and its link, no acknowledged forget, no half of anything.
 */
export async function torturePostgres({
  kind,
  kills,
  random,
  report = () => {},
  acknowledgesEarly = false,
}: TortureOptions): Promise<TortureResult> {
  const place = await openPlace(kind);
  const expected: Expected[] = [];
  const damage: string[] = [];
  try {
    for (let kill = 0; kill < kills && damage.length === 0; kill += 1) {
      const killServer = kind === "server" && kill % 4 === 3;
      const { steps, errors } = await liveAndDie(place, `w${kill}`, {
        // The first steps in a PGlite take long.
        lifeMs: random() * (kind === "server" ? 150 : 2000),
        killServer,
        flaw: acknowledgesEarly ? "early" : "",
      });
      if (errors !== "") damage.push(`the child failed: ${errors}`);
      if (killServer) await answersAgain(place);
      expected.push(expectedOf(steps));
      damage.push(...(await inspect(place, expected)));
      report(`${kill + 1} of ${kills}: ${steps.length} steps, ${damage.length} problems`);
    }
  } finally {
    await place.stop();
  }
  const sum = (count: (one: Expected) => number) =>
    expected.reduce((total, one) => total + count(one), 0);
  return {
    kills: expected.length,
    retained: sum(({ retained }) => retained),
    forgotten: sum(({ forgotten }) => forgotten),
    interrupted: sum(({ open }) => (open === undefined ? 0 : 1)),
    damage,
  };
}
