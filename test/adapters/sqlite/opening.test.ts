import { copyFile, mkdir, stat, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import { assertProvider, isEmbeddingCache, ProviderRegistry, systemClock } from "astrocyte";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import { describe, expect, it } from "vitest";
import { item, query, useWorkspace } from "./support.js";

const workspace = useWorkspace();

describe("opening a sqlite store", () => {
  it("creates missing folders and shows the absolute path", async () => {
    const { file, open } = await workspace();
    const path = file("deep/er/memory.db");
    const store = await open({ path: relative(process.cwd(), path) });
    expect(store.location).toBe(path);
    expect((await stat(path)).isFile()).toBe(true);
  });

  it.each(["with space.db", "50%.db", "what?.db", "a#b.db", "ünï.db"])(
    "takes %j as a file name",
    async (name) => {
      const { file, open } = await workspace();
      await open({ path: file(name) });
      expect((await stat(file(name))).isFile()).toBe(true);
    },
  );

  it("keeps nothing of :memory:, and shares nothing between two", async () => {
    const { open } = await workspace();
    const [first, second] = [await open({ path: ":memory:" }), await open({ url: ":memory:" })];
    await first.storeVectors([item("a")]);
    expect(first.location).toBe(":memory:");
    expect(await first.listVectors({ bankId: "bank" })).toHaveLength(1);
    expect(await second.listVectors({ bankId: "bank" })).toEqual([]);
  });

  it("takes a file URL as path or url", async () => {
    const { file, open } = await workspace();
    const url = pathToFileURL(file("a b.db")).href;
    const store = await open({ url });
    await store.storeVectors([item("a")]);
    const again = await open({ path: url });
    expect(again.location).toBe(file("a b.db"));
    expect(await again.listVectors({ bankId: "bank" })).toHaveLength(1);
  });

  it("is found by the registry, and is every kind of store", async () => {
    const { file } = await workspace();
    const factory = await new ProviderRegistry().resolve("vector_store", "sqlite");
    const store: unknown = await factory({ path: file(), dimension: "3" }, { clock: systemClock });
    assertProvider(store, "VectorStore", "sqlite");
    assertProvider(store, "DocumentStore", "sqlite");
    assertProvider(store, "GraphStore", "sqlite");
    expect(isEmbeddingCache(store)).toBe(true);
    await expect(store.storeVectors([item("a", { vector: [1, 2] })])).rejects.toMatchObject({
      code: "ASTROCYTE_DIMENSION_MISMATCH",
    });
    await store.close?.();
  });

  it("refuses unusable configurations without quoting values", async () => {
    const unknownKey: object = { file: "secret" };
    await expect(createSqliteStore(unknownKey)).rejects.toMatchObject({
      code: "ASTROCYTE_CONFIG",
      message: expect.stringMatching(/unknown key file; allowed: path, url, auth_token/),
    });
    const unusable: object[] = [
      { path: "" },
      { path: 5 },
      { path: "a", url: "file:b" },
      { dimension: 0, path: ":memory:" },
      { dimension: "many", path: ":memory:" },
      { busy_timeout_ms: -1, path: ":memory:" },
      { url: "file://elsewhere/secret.db" },
      { url: "file:secret.db?mode=ro" },
      { url: "https://" },
    ];
    for (const config of unusable) {
      const error: unknown = await createSqliteStore(config).catch((reason: unknown) => reason);
      expect([config, error]).toMatchObject([config, { code: "ASTROCYTE_CONFIG" }]);
      expect(String(error)).not.toContain("secret");
    }
  });

  it("does not show credentials, and calls an unreachable server an outage", async () => {
    const error: unknown = await createSqliteStore({
      url: "http://user:hunter2@127.0.0.1:9/db?authToken=hunter3",
      auth_token: "hunter4",
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "ASTROCYTE_PROVIDER_UNAVAILABLE" });
    expect(String(error)).toContain("http://127.0.0.1:9/db");
    expect(String(error)).not.toContain("hunter");
  });

  it("refuses a file that is no database, and leaves it alone", async () => {
    const { file, open } = await workspace();
    await writeFile(file(), "Dear diary, ".repeat(1000));
    await expect(open()).rejects.toMatchObject({
      code: "ASTROCYTE_STORAGE",
      message: expect.stringContaining(file()),
    });
    expect((await stat(file())).size).toBe(12_000);
  });

  it("refuses a damaged database", async () => {
    const { file, open } = await workspace();
    const store = await open();
    await store.storeVectors(
      Array.from({ length: 200 }, (_, index) => item(`m${index}`, { text: "word ".repeat(100) })),
    );
    await store.close();
    const { size } = await stat(file());
    await writeFile(file(), Buffer.alloc(size - 100, 7), { flag: "r+" });
    await expect(open()).rejects.toMatchObject({ code: "ASTROCYTE_STORAGE" });
  });

  it("says when the path is a folder, or lies below a file", async () => {
    const { file, open } = await workspace();
    await mkdir(file("folder"));
    await writeFile(file("plain"), "");
    for (const path of [file("folder"), file("plain/memory.db")]) {
      await expect(open({ path })).rejects.toMatchObject({
        code: "ASTROCYTE_STORAGE",
        message: expect.stringMatching(/cannot be (?:opened|created)/),
      });
    }
  });

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "says when the folder is not writable (skipped as root, whom no mode stops, and on Windows, which has none)",
    async () => {
      const { file, open } = await workspace();
      await mkdir(file("sealed"), { mode: 0o555 });
      await expect(open({ path: file("sealed/memory.db") })).rejects.toMatchObject({
        code: "ASTROCYTE_STORAGE",
      });
    },
  );

  it.skipIf(process.platform !== "linux")(
    "gives up where no folder can be created (skipped where there is no /proc)",
    async () => {
      const { open } = await workspace();
      await expect(open({ path: "/proc/nope/memory.db" })).rejects.toMatchObject({
        code: "ASTROCYTE_STORAGE",
      });
    },
  );

  it("migrates once, and any number of stores may open at the same time", async () => {
    const { file, open } = await workspace();
    const stores = await Promise.all(Array.from({ length: 5 }, () => open()));
    await Promise.all(stores.map((store, index) => store.storeVectors([item(`m${index}`)])));
    const reopened = await open();
    expect(await reopened.listVectors({ bankId: "bank" })).toHaveLength(5);
    expect(
      await query(file(), "SELECT value FROM astrocyte_meta WHERE key = 'schema_version'"),
    ).toEqual([{ value: "4" }]);
  });

  it("refuses the file of a later release", async () => {
    const { file, open } = await workspace();
    await (await open()).close();
    await query(file(), "UPDATE astrocyte_meta SET value = '99' WHERE key = 'schema_version'");
    await expect(open()).rejects.toMatchObject({
      code: "ASTROCYTE_STORAGE",
      message: expect.stringContaining("upgrade"),
    });
  });
});

describe("a closed store", () => {
  it("refuses every call, reports itself unhealthy, and closes twice", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.close();
    await store.close();
    const bank = { bankId: "bank" };
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
});

describe("closing a store", () => {
  it("lets calls in flight end, and leaves everything in the one file", async () => {
    const { file, open } = await workspace();
    const store = await open();
    const stored = store.storeVectors([item("a")]);
    await store.close();
    expect(await stored).toEqual(["a"]);
    await copyFile(file(), file("copy.db"));
    const copy = await open({ path: file("copy.db") });
    expect(await copy.listVectors({ bankId: "bank" })).toEqual([item("a")]);
  });
});

describe("an aborted signal", () => {
  it("rejects every method with its own reason and writes nothing", async () => {
    const { open } = await workspace();
    const store = await open();
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    const options = { bankId: "bank", signal };
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
      () => store.health({ signal }),
    ];
    for (const call of calls) await expect(call()).rejects.toBe(reason);
    expect(await store.listVectors({ bankId: "bank" })).toEqual([]);
    expect(await store.getEmbeddings("m", ["h"])).toEqual({});
  });
});
