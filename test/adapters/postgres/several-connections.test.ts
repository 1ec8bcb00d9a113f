import { getEventListeners, setMaxListeners } from "node:events";
import { describe, expect, it } from "vitest";
import {
  item as memory,
  findDamage,
  noRealServer,
  startReal,
  takeBackToVersion1,
  useServer,
} from "./support.js";

const bank = { bankId: "bank" };
// The server has no pgvector.
const item: typeof memory = (id, rest) => memory(id, { vector: [], ...rest });

describe.skipIf(noRealServer !== undefined)(
  "several connections (skipped where PostgreSQL is not installed)",
  () => {
    const workspace = useServer(startReal);
    type Query = Awaited<ReturnType<typeof workspace>>["query"];

    /** Waits until a statement finds something, as other connections get on at their own pace. */
    async function eventually(query: Query, sql: string, values: unknown[] = []) {
      for (let tries = 0; tries < 400; tries += 1) {
        const rows = await query(sql, values);
        if (rows.length > 0) return rows;
        await new Promise((resolve) => {
          setTimeout(resolve, 25);
        });
      }
      throw new Error(`nothing was found by ${sql}`);
    }

    const waiting = `SELECT pid FROM pg_stat_activity
      WHERE application_name = 'astrocyte' AND wait_event_type = 'Lock' AND query LIKE '%' || $1 || '%'`;
    const running = `SELECT pid FROM pg_stat_activity
      WHERE application_name = 'astrocyte' AND state <> 'idle' AND query LIKE '%' || $1 || '%'`;

    it("open a schema at once, and make it once", async () => {
      const { open, query } = await workspace();
      const stores = await Promise.all(Array.from({ length: 8 }, () => open()));
      await Promise.all(stores.map((store, index) => store.storeVectors([item(`m${index}`)])));
      expect(await stores[0]?.listVectors(bank)).toHaveLength(8);
      expect(
        await query("SELECT value FROM $schema.astrocyte_meta WHERE key = 'schema_version'"),
      ).toEqual([{ value: "2" }]);
    });

    it("migrate a schema of the release before once", async () => {
      const { open, query } = await workspace();
      const store = await open();
      await store.storeVectors([item("a")]);
      await store.close();
      await takeBackToVersion1(query);
      const stores = await Promise.all(Array.from({ length: 5 }, () => open()));
      expect(await stores[4]?.listVectors(bank)).toEqual([item("a")]);
    });

    it("lose no write of each other, within a bank and across banks", async () => {
      const { open, query } = await workspace();
      const stores = await Promise.all([open(), open(), open()]);
      const ids = Array.from({ length: 120 }, (_, index) => `m${index}`);
      await Promise.all(
        ids.map(async (id, index) => {
          const store = stores[index % 3];
          // Every write touches the banks in an order of its own, and some the same memory.
          const banks = index % 2 === 0 ? ["bank", "other"] : ["other", "bank"];
          await store?.storeVectors(
            banks.flatMap((bankId) => [item(id, { bankId }), item("shared", { bankId, text: id })]),
          );
        }),
      );
      for (const bankId of ["bank", "other"]) {
        expect(await stores[0]?.listVectors({ bankId, limit: 1000 })).toHaveLength(121);
      }
      await Promise.all(
        stores.map((store, index) =>
          store.delete(
            ids.filter((_, at) => at % 3 === index),
            bank,
          ),
        ),
      );
      expect((await stores[1]?.listVectors(bank))?.map(({ id }) => id)).toEqual(["shared"]);
      expect(await findDamage(query)).toEqual([]);
    });

    it("leave one of two counts of a mental model's revision", async () => {
      const { open } = await workspace();
      const stores = await Promise.all([open(), open()]);
      const draft = { modelId: "m", title: "t", content: "c", scope: "s", kind: "general" };
      const revisions = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => stores[index % 2]?.upsertModel(draft, bank)),
      );
      expect(revisions.toSorted((a, b) => Number(a) - Number(b))).toEqual(
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
    });

    it("forget a cached embedding when each takes away one of its two memories", async () => {
      const { open, connect, query, schema } = await workspace();
      const store = await open();
      const text = "said twice";
      await store.storeVectors([item("a", { text }), item("b", { text, bankId: "other" })]);
      const [row] = await query("SELECT text_hash FROM $schema.astrocyte_memories LIMIT 1");
      const hash = String(row?.["text_hash"]);
      await store.putEmbeddings("model", { [hash]: [1] });
      const outside = await connect();
      await outside.query("BEGIN");
      await outside.query(`DELETE FROM ${schema}.astrocyte_memories WHERE bank_id = 'other'`);
      const deleted = store.delete(["a"], bank);
      await eventually(query, waiting, ["astrocyte_memories"]);
      await outside.query("COMMIT");
      expect(await deleted).toBe(1);
      expect(await store.getEmbeddings("model", [hash])).toEqual({});
    });

    it("end a running statement when its call is aborted, and are not used again", async () => {
      const { open, connect, query, schema } = await workspace();
      const store = await open({ poolSize: 1 });
      const outside = await connect();
      const pid = "SELECT pid FROM pg_stat_activity WHERE application_name = 'astrocyte'";
      const before = await query(pid);
      for (const call of [
        (signal: AbortSignal) => store.listVectors({ ...bank, signal }),
        (signal: AbortSignal) => store.storeVectors([item("a")], { signal }),
      ]) {
        await outside.query(
          `BEGIN; LOCK TABLE ${schema}.astrocyte_memories IN ACCESS EXCLUSIVE MODE`,
        );
        const controller = new AbortController();
        const reason = new Error("enough");
        const aborted = call(controller.signal);
        await eventually(query, waiting, [schema]);
        controller.abort(reason);
        await expect(aborted).rejects.toBe(reason);
        expect(getEventListeners(controller.signal, "abort")).toEqual([]);
        // The server stops it too, while the lock is still held.
        await eventually(query, `SELECT 1 WHERE NOT EXISTS (${running})`, [schema]);
        await outside.query("ROLLBACK");
      }
      expect(await store.listVectors(bank)).toEqual([]);
      await store.storeVectors([item("b")]);
      const after = await query(pid);
      expect(after).toHaveLength(1);
      expect(before).not.toContainEqual(after[0]);
    });

    it("do not lose their places in the pool, or listeners, to calls aborted at any moment", async () => {
      const { open, query } = await workspace();
      const store = await open({ poolSize: 3 });
      const warnings: Error[] = [];
      const warn = (warning: Error): void => {
        warnings.push(warning);
      };
      process.on("warning", warn);
      const shared = new AbortController();
      setMaxListeners(0, shared.signal);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 300 }, async (_, index) => {
          const controller = new AbortController();
          const signal = index % 3 === 0 ? shared.signal : controller.signal;
          const call =
            index % 2 === 0
              ? store.storeVectors([item(`m${index}`)], { signal })
              : store.searchFulltext("text", { ...bank, signal });
          if (index % 3 === 1) setTimeout(() => controller.abort(), index / 4);
          await call;
        }),
      );
      expect(outcomes.filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
      expect(
        outcomes
          .filter((_, index) => index % 3 !== 1)
          .every(({ status }) => status === "fulfilled"),
      ).toBe(true);
      expect(getEventListeners(shared.signal, "abort")).toEqual([]);
      await Promise.all(Array.from({ length: 9 }, () => store.listVectors(bank)));
      const connections = await query(
        "SELECT 1 FROM pg_stat_activity WHERE application_name = 'astrocyte' AND state = 'idle'",
      );
      expect(connections.length).toBeLessThanOrEqual(3);
      expect(await findDamage(query)).toEqual([]);
      process.off("warning", warn);
      expect(warnings).toEqual([]);
    });

    it("that are cut off make the call fail, and the next one works", async () => {
      const { open, connect, query, schema } = await workspace();
      const store = await open({ poolSize: 1 });
      await store.storeVectors([item("a")]);
      const outside = await connect();
      await outside.query(
        `BEGIN; LOCK TABLE ${schema}.astrocyte_memories IN ACCESS EXCLUSIVE MODE`,
      );
      const cut = store.listVectors(bank).catch((error: unknown) => error);
      const [found] = await eventually(query, waiting, [schema]);
      await query("SELECT pg_terminate_backend($1)", [found?.["pid"]]);
      expect(await cut).toMatchObject({ code: "ASTROCYTE_PROVIDER_UNAVAILABLE" });
      await outside.query("ROLLBACK");
      expect(await store.listVectors(bank)).toHaveLength(1);

      // An idle one is replaced without anybody noticing.
      await query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'astrocyte'",
      );
      await eventually(
        query,
        "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = 'astrocyte')",
      );
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
      expect(await store.listVectors(bank)).toHaveLength(1);
    });

    it("try again when two waited for each other", async () => {
      const { open, connect, query, schema } = await workspace();
      let delays = 0;
      const store = await open(
        {},
        {
          random: () => {
            delays += 1;
            return 0.5;
          },
        },
      );
      await store.storeVectors([item("x", { bankId: "a" }), item("x", { bankId: "b" })]);
      const outside = await connect();
      // So that the server finds the store's transaction waiting first, and ends that one.
      await outside.query("SET deadlock_timeout = '60s'");
      const touch = (bankId: string) =>
        outside.query(
          `UPDATE ${schema}.astrocyte_banks SET documents = documents WHERE bank_id = $1`,
          [bankId],
        );
      await outside.query("BEGIN");
      await touch("b");
      const stored = store.storeVectors([item("y", { bankId: "a" }), item("y", { bankId: "b" })]);
      await eventually(query, waiting, ["astrocyte_banks"]);
      await touch("a");
      await outside.query("COMMIT");
      expect(await stored).toEqual(["y", "y"]);
      expect(delays).toBeGreaterThan(0);
      expect(await findDamage(query)).toEqual([]);
    });

    it("end a statement that takes too long", async () => {
      const { open, connect, schema } = await workspace();
      const store = await open({ statementTimeoutMs: 100 });
      const outside = await connect();
      await outside.query(
        `BEGIN; LOCK TABLE ${schema}.astrocyte_memories IN ACCESS EXCLUSIVE MODE`,
      );
      await expect(store.listVectors(bank)).rejects.toMatchObject({
        code: "ASTROCYTE_STORAGE",
        message: expect.stringMatching(/statement_timeout_ms.*57014/),
      });
      await outside.query("ROLLBACK");
      expect(await store.listVectors(bank)).toEqual([]);
    });

    it("wait for a place in the pool no longer than they should", async () => {
      const { open, connect, query, schema } = await workspace();
      const store = await open({ poolSize: 1, connectTimeoutMs: 200 });
      const outside = await connect();
      await outside.query(
        `BEGIN; LOCK TABLE ${schema}.astrocyte_memories IN ACCESS EXCLUSIVE MODE`,
      );
      const first = store.listVectors(bank);
      await eventually(query, waiting, [schema]);
      await expect(store.listVectors(bank)).rejects.toMatchObject({
        code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
        message: expect.stringContaining("timeout"),
      });
      await outside.query("ROLLBACK");
      expect(await first).toEqual([]);
    });

    it("keep texts and graph without pgvector, and refuse vectors", async () => {
      const { open } = await workspace();
      const store = await open();
      await store.storeVectors([item("a", { text: "dark mode" })]);
      expect(await store.searchFulltext("mode", bank)).toMatchObject([{ documentId: "a" }]);
      const refused = {
        code: "ASTROCYTE_CAPABILITY_NOT_SUPPORTED",
        message: expect.stringContaining("CREATE EXTENSION vector"),
      };
      await expect(store.storeVectors([item("b"), memory("c")])).rejects.toMatchObject(refused);
      await expect(store.searchSimilar([1, 0, 0], bank)).rejects.toMatchObject(refused);
      expect((await store.listVectors(bank)).map(({ id }) => id)).toEqual(["a"]);
      for (const config of [{ dimension: 3 }, { search: "hnsw", dimension: 3 } as const]) {
        await expect(open(config)).rejects.toMatchObject({
          code: "ASTROCYTE_STORAGE",
          message: expect.stringContaining("CREATE EXTENSION vector"),
        });
      }
    });

    it("say that a database is read-only, or missing, or closed to them", async () => {
      const { open, query, url } = await workspace();
      await (await open()).storeVectors([item("a")]);
      await query("CREATE ROLE reader LOGIN");
      await query("GRANT USAGE ON SCHEMA $schema TO reader");
      await query("GRANT SELECT ON ALL TABLES IN SCHEMA $schema TO reader");
      const reader = await open({ url: url.replace("postgres@", "reader@") });
      expect(await reader.listVectors(bank)).toHaveLength(1);
      await expect(reader.delete(["a"], bank)).rejects.toMatchObject({
        code: "ASTROCYTE_STORAGE",
        message: expect.stringMatching(/privilege.*42501/),
      });
      await reader.close();
      await query("ALTER ROLE reader SET default_transaction_read_only = on");
      const standby = await open({ url: url.replace("postgres@", "reader@") });
      const error: unknown = await standby
        .storeVectors([item("b", { text: "private words" })])
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: "ASTROCYTE_STORAGE",
        message: expect.stringMatching(/read-only.*25006/),
      });
      expect(String(error)).not.toContain("private");
      await standby.close();
      await expect(
        open({ url: url.replace("postgres@", "reader@"), schema: "elsewhere" }),
      ).rejects.toMatchObject({ code: "ASTROCYTE_STORAGE" });
      await expect(open({ url: `${url}_not_there` })).rejects.toMatchObject({
        code: "ASTROCYTE_STORAGE",
        message: expect.stringMatching(/no such database.*3D000/),
      });
      await query("DROP OWNED BY reader");
      await query("DROP ROLE reader");
    });
  },
);
