import { assertProvider, isEmbeddingCache, ProviderRegistry, systemClock } from "astrocyte";
import { checkPostgresConfig, createPostgresStore } from "astrocyte/adapters/postgres";
import { describe, expect, it } from "vitest";
import { item, startWithVectors, takeBackToVersion1, useServer } from "./support.js";

const workspace = useServer(startWithVectors);
const bank = { bankId: "bank" };

describe("opening a postgres store", () => {
  it("makes the schema, and shows a place without credentials", async () => {
    const { open, query, schema, url } = await workspace();
    const withPassword = url.replace("postgres@", "postgres:hunter2@");
    const store = await open({ url: withPassword });
    expect(store.location).toContain(`(schema ${schema})`);
    expect(store.location).not.toMatch(/hunter2|postgres@/);
    expect((await store.health()).message).not.toContain("hunter2");
    expect(
      await query("SELECT value FROM $schema.astrocyte_meta WHERE key = 'schema_version'"),
    ).toEqual([{ value: "2" }]);
  });

  it("takes the place in parts, and every key in snake case too", async () => {
    const { open, url } = await workspace();
    const { hostname, port } = new URL(url);
    const store = await open({
      url: undefined,
      host: hostname,
      port: Number(port),
      user: "postgres",
      database: "postgres",
      poolSize: undefined,
      pool_size: 1,
      statement_timeout_ms: 10_000,
      connect_timeout_ms: 10_000,
      row_level_security: false,
    });
    await store.storeVectors([item("a")]);
    expect(await store.listVectors(bank)).toEqual([item("a")]);
  });

  it("keeps schemas of one database apart", async () => {
    const [first, second] = [await workspace(), await workspace()];
    const [one, two] = [await first.open(), await second.open()];
    await one.storeVectors([item("a")]);
    await two.storeVectors([item("a", { vector: [1, 0] })]);
    expect(await one.listVectors(bank)).toEqual([item("a")]);
    expect(await two.listVectors(bank)).toHaveLength(1);
  });

  it("is found by the registry, and is every kind of store", async () => {
    const { url, schema } = await workspace();
    const factory = await new ProviderRegistry().resolve("vector_store", "postgres");
    const store: unknown = await factory(
      { dsn: url, schema, dimension: "3", pool_size: "1" },
      { clock: systemClock },
    );
    assertProvider(store, "VectorStore", "postgres");
    assertProvider(store, "DocumentStore", "postgres");
    assertProvider(store, "GraphStore", "postgres");
    assertProvider(store, "MentalModelStore", "postgres");
    assertProvider(store, "LegalHoldStore", "postgres");
    expect(isEmbeddingCache(store)).toBe(true);
    await expect(store.storeVectors([item("a", { vector: [1, 2] })])).rejects.toMatchObject({
      code: "ASTROCYTE_DIMENSION_MISMATCH",
    });
    await store.close?.();
  });

  it("refuses unusable configurations without quoting values", async () => {
    const url = "postgres://user:secret@127.0.0.1:9/db";
    const unusable: object[] = [
      {},
      { file: "secret" },
      { url: "" },
      { url: 5 },
      { url: "mysql://secret@host/db" },
      { url: "postgres://user:secret word/db" },
      { url, dsn: url },
      { url, host: "secret" },
      { url, schema: "secret; DROP TABLE x" },
      { url, schema: 'se"cret' },
      { url, schema: "pg_secret" },
      { url, schema: "s".repeat(64) },
      { url, dimension: 0 },
      { url, dimension: "many" },
      { url, search: "secret" },
      { url, pool_size: -1 },
      { url, statement_timeout_ms: "soon" },
      { url, row_level_security: "secret" },
      { host: "127.0.0.1", port: 70_000 },
    ];
    for (const config of unusable) {
      for (const check of [createPostgresStore, checkPostgresConfig]) {
        const error: unknown = await check(config).catch((reason: unknown) => reason);
        expect([config, error]).toMatchObject([config, { code: "ASTROCYTE_CONFIG" }]);
        expect(String(error)).not.toMatch(/(?<!_)secret/);
        expect(error).not.toHaveProperty("cause", expect.anything());
      }
    }
    await expect(createPostgresStore({ url: "nowhere" })).rejects.toThrow(/begins with postgres/);
  });

  it("checks a configuration without connecting", async () => {
    expect(
      await checkPostgresConfig({ url: "postgres://user:hunter2@nowhere.invalid:1/db" }),
    ).toEqual({ location: "postgres://nowhere.invalid:1/db (schema astrocyte)" });
  });

  it("calls an unreachable server an outage, and shows no credentials", async () => {
    const error: unknown = await createPostgresStore({
      url: "postgres://user:hunter2@127.0.0.1:9/db",
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
      message: expect.stringContaining(
        "127.0.0.1:9/db (schema astrocyte) did not answer (ECONNREFUSED)",
      ),
    });
    expect(JSON.stringify(error) + String(error)).not.toContain("hunter2");
  });

  it("refuses the schema of a later release", async () => {
    const { open, query } = await workspace();
    await (await open()).close();
    await query("UPDATE $schema.astrocyte_meta SET value = '99' WHERE key = 'schema_version'");
    await expect(open()).rejects.toMatchObject({
      code: "ASTROCYTE_STORAGE",
      message: expect.stringContaining("upgrade"),
    });
  });

  it("migrates a schema of the release before", async () => {
    const { open, query } = await workspace();
    const store = await open();
    await store.storeVectors([item("a")]);
    await store.close();
    await takeBackToVersion1(query);
    const upgraded = await open();
    expect(await upgraded.listVectors(bank)).toEqual([item("a")]);
    expect(await upgraded.listHolds("bank")).toEqual([]);
    expect(await upgraded.listModels(bank)).toEqual([]);
  });
});

describe("a closed store", () => {
  it("refuses every call, reports itself unhealthy, and closes twice", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.close();
    await store.close();
    const closed = { code: "ASTROCYTE_CLOSED" };
    await expect(store.storeVectors([item("a")])).rejects.toMatchObject(closed);
    await expect(store.storeVectors([])).rejects.toMatchObject(closed);
    await expect(store.searchSimilar([1, 0, 0], bank)).rejects.toMatchObject(closed);
    await expect(store.searchFulltext("a", bank)).rejects.toMatchObject(closed);
    await expect(store.delete(["a"], bank)).rejects.toMatchObject(closed);
    await expect(store.queryEntities("a", bank)).rejects.toMatchObject(closed);
    await expect(store.getEmbeddings("m", ["h"])).rejects.toMatchObject(closed);
    expect(await store.health()).toMatchObject({ healthy: false });
  });

  it("lets calls in flight end", async () => {
    const { open } = await workspace();
    const store = await open();
    const calls = Array.from({ length: 5 }, (_, index) => store.storeVectors([item(`m${index}`)]));
    await store.close();
    expect(await Promise.all(calls)).toHaveLength(5);
    expect(await (await open()).listVectors(bank)).toHaveLength(5);
  });
});

describe("an aborted signal", () => {
  it("rejects every method with its own reason and writes nothing", async () => {
    const { open } = await workspace();
    const store = await open();
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    const options = { ...bank, signal };
    const link = { entityA: "a", entityB: "b", linkType: "x", evidence: "", confidence: 1 };
    const memoryLink = {
      sourceMemoryId: "a",
      targetMemoryId: "b",
      linkType: "semantic",
      evidence: "",
      confidence: 1,
      weight: 1,
    };
    const calls: (() => Promise<unknown>)[] = [
      () => store.storeVectors([item("a")], { signal }),
      () => store.searchSimilar([1, 0, 0], options),
      () => store.delete(["a"], options),
      () => store.listVectors(options),
      () => store.getByIds(["a"], options),
      () => store.listRecentVectors(options),
      () => store.getByChunkIds(["a"], options),
      () => store.bankRevision(options),
      () => store.clearBank(options),
      () => store.storeDocument({ id: "a", text: "a" }, options),
      () => store.searchFulltext("a", options),
      () => store.searchFulltext("", options),
      () => store.getDocument("a", options),
      () => store.deleteDocuments(["a"], options),
      () => store.storeEntities([], options),
      () => store.storeLinks([link], options),
      () => store.storeEntityLink(link, options),
      () => store.linkMemoriesToEntities([], options),
      () => store.queryNeighbors(["a"], options),
      () => store.queryEntities("a", options),
      () => store.findEntityCandidates("a", options),
      () => store.findEntityCandidatesScored("a", options),
      () => store.storeMemoryLinks([memoryLink], options),
      () => store.findMemoryLinks(["a"], options),
      () => store.getEntityIdsForMemories(["a"], options),
      () => store.removeMemories(["a"], options),
      () => store.getEmbeddings("m", ["h"], { signal }),
      () => store.putEmbeddings("m", { h: [1] }, { signal }),
      () => store.listModels(options),
      () => store.updateModel("a", [], options),
      () => store.clearModels(options),
      () => store.health({ signal }),
    ];
    for (const call of calls) await expect(call()).rejects.toBe(reason);
    expect(await store.listVectors(bank)).toEqual([]);
    expect(await store.getEmbeddings("m", ["h"])).toEqual({});
  });
});

describe("a bank's revision", () => {
  it("grows by one with own changes of any bank, and otherwise only with foreign ones of the bank", async () => {
    const { open } = await workspace();
    const [mine, other, third] = [await open(), await open(), await open()];
    let last = (await mine.bankRevision(bank)) ?? Number.NaN;
    const step = async (change: () => Promise<unknown>): Promise<number> => {
      await change();
      const revision = (await mine.bankRevision(bank)) ?? Number.NaN;
      const grown = revision - last;
      last = revision;
      return grown;
    };
    expect(await step(() => mine.storeVectors([item("a"), item("b")]))).toBe(1);
    expect(await step(() => mine.storeVectors([item("a", { bankId: "elsewhere" })]))).toBe(1);
    expect(await step(() => mine.searchSimilar([1, 0, 0], bank))).toBe(0);
    expect(await step(() => mine.delete(["a"], bank))).toBe(1);
    expect(await step(() => mine.delete(["a"], { bankId: "unknown" }))).toBe(1);
    expect(await step(() => mine.storeEntities([], bank))).toBe(0);
    expect(await step(() => mine.storeVectors([item("x", { text: "" })]).catch(() => {}))).toBe(0);
    expect(await step(() => other.storeVectors([item("c")]))).toBeGreaterThan(1);
    expect(await step(() => third.delete(["c"], bank))).toBeGreaterThan(1);
    expect(await step(() => other.storeDocument({ id: "d", text: "d" }, bank))).toBeGreaterThan(1);
    expect(await step(() => other.storeVectors([item("c", { bankId: "elsewhere" })]))).toBe(0);
    expect(await step(() => mine.clearBank(bank))).toBe(1);
    expect(await step(() => mine.clearBank(bank))).toBe(1);
    expect(await step(() => other.clearBank(bank))).toBeGreaterThan(1);
  });

  it("is not confused by stores that come and go", async () => {
    const { open } = await workspace();
    const mine = await open();
    const seen: (number | undefined)[] = [];
    for (let round = 0; round < 5; round += 1) {
      const guest = await open();
      await guest.storeVectors([item(`g${round}`)]);
      await guest.close();
      seen.push(await mine.bankRevision(bank));
      await mine.storeVectors([item(`m${round}`)]);
      seen.push(await mine.bankRevision(bank));
    }
    expect(new Set(seen).size).toBe(10);
    for (let index = 0; index < 10; index += 2) {
      expect(Number(seen[index + 1]) - Number(seen[index])).toBe(1);
    }
  });
});
