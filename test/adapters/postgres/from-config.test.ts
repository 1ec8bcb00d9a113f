import {
  Astrocyte,
  describeConfig,
  formatConfigRows,
  ProviderRegistry,
  readConfig,
  systemClock,
} from "astrocyte";
import { describe, expect, it } from "vitest";
import { startWithVectors, useServer } from "./support.js";

const workspace = useServer(startWithVectors);
const bank = { bankId: "notes" };

describe("a brain whose configuration names postgres", () => {
  it("remembers across restarts, in one store, and forgets", async () => {
    const { url, schema, query } = await workspace();
    const open = () =>
      Astrocyte.fromConfig({
        vector_store: "postgres",
        vector_store_config: { url, schema, pool_size: 1 },
        document_store: "postgres",
        graph_store: "postgres",
        mental_model_store: "postgres",
        embedding_provider: "mock",
      });
    const first = await open();
    const { memoryId = "" } = await first.retain("Ann prefers dark mode", bank);
    await first.retain("Bob plays the violin", bank);
    await first.close();

    const second = await open();
    const { hits } = await second.recall("Who likes it dark?", bank);
    expect(hits[0]).toMatchObject({ memoryId, text: "Ann prefers dark mode" });
    expect(hits[0]?.strategies).toContain("keyword");
    const { receipt } = await second.forget({ ...bank, memoryIds: [memoryId] });
    expect(receipt).toMatchObject({ vectors: 1, verified: true, needsCompaction: true });
    expect(JSON.stringify(await second.recall("dark mode", bank))).not.toContain("Ann");
    expect(await second.compact()).toBe(true);
    await second.close();
    expect(await query("SELECT text FROM $schema.astrocyte_memories")).toEqual([
      { text: "Bob plays the violin" },
    ]);
  });

  it("is checked without a connection", async () => {
    const registry = new ProviderRegistry();
    const url = "postgres://user:hunter2@127.0.0.1:9/db";
    for (const kind of [
      "vector_store",
      "document_store",
      "graph_store",
      "mental_model_store",
    ] as const) {
      await registry.rehearse(kind, "postgres", { url }, systemClock);
      await expect(
        registry.rehearse(kind, "postgres", { url, search: "hunter2" }, systemClock),
      ).rejects.toMatchObject({
        code: "ASTROCYTE_CONFIG",
        message: expect.not.stringContaining("hunter2"),
      });
    }
  });

  it("shows no password", async () => {
    const loaded = await readConfig({
      vector_store: "postgres",
      vector_store_config: { url: "postgres://user:hunter2@h/db" },
      graph_store: "postgres",
      graph_store_config: { host: "h", password: "hunter2" },
    });
    expect(JSON.stringify(loaded)).not.toContain("hunter2");
    const shown = formatConfigRows(describeConfig(loaded));
    expect(shown).not.toContain("hunter2");
    expect(shown).toContain("postgres");
  });
});
