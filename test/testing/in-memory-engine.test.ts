import { createInMemoryEngine, FakeClock } from "astrocyte/testing";
import { describe, expect, it } from "vitest";

const bankId = "b";
const all = { query: "*", bankId, maxResults: 10, includeSources: false };

describe("the in-memory engine", () => {
  it("takes time and ids from the context", async () => {
    const clock = new FakeClock("2025-01-15T12:00:00Z");
    const engine = createInMemoryEngine({}, { clock, createId: () => "m1" });
    const request = { content: "tea", bankId, contentType: "text" };
    expect(await engine.retain(request)).toMatchObject({ stored: true, memoryId: "m1" });
    const { hits } = await engine.recall(all);
    expect(hits[0]?.metadata).toEqual({ _created_at: "2025-01-15T12:00:00+00:00" });
  });

  it("shows what was retained by an instant", async () => {
    const clock = new FakeClock("2025-01-15T12:00:00Z");
    const engine = createInMemoryEngine({}, { clock });
    await engine.retain({ content: "early", bankId, contentType: "text" });
    clock.advance(1000);
    await engine.retain({ content: "late", bankId, contentType: "text" });
    const { hits } = await engine.recall({ ...all, asOf: "2025-01-15T12:00:00+00:00" });
    expect(hits.map(({ text }) => text)).toEqual(["early"]);
  });

  it("lets no selector widen scope all", async () => {
    const engine = createInMemoryEngine();
    await engine.retain({ content: "tea", bankId, contentType: "text" });
    const narrowed = { bankId, scope: "all", memoryIds: ["unknown"] };
    expect((await engine.forget(narrowed)).deletedCount).toBe(0);
    for (const empty of [{ memoryIds: [] }, { tags: [] }]) {
      expect((await engine.forget({ bankId, scope: "all", ...empty })).deletedCount).toBe(0);
    }
    expect((await engine.recall(all)).hits).toHaveLength(1);
  });
});
