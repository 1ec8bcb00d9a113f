import { InMemoryStore } from "@langchain/langgraph";
import { baseStoreConformance, type BaseStoreTarget } from "astrocyte/conformance";
import { describe, expect, it } from "vitest";
import { failedIds } from "../failed-ids.js";
import { brokenStores } from "./broken-stores.js";
import { ReferenceStore } from "./reference-store.js";

baseStoreConformance({ name: "reference", create: () => new ReferenceStore() }, { describe, it });

function failuresOf(target: Omit<BaseStoreTarget, "name">): Promise<string[]> {
  return failedIds((runner) => baseStoreConformance({ name: "broken", ...target }, runner));
}

describe("a broken store", () => {
  it.each(brokenStores)("that %s fails %s", async (_what, ids, create) => {
    expect(await failuresOf({ create })).toEqual(ids);
  });
});

describe("another store", () => {
  it("of LangGraph fits by its shape", async () => {
    const failed = await failuresOf({
      create: () => new InMemoryStore(),
      capabilities: { ranksByQuery: false },
    });
    expect(failed).toContain("BS-8");
  });
});
