import { AccessDeniedError, ProviderUnavailableError, type MemoryHit } from "astrocyte";
import { bankVisitOrder, recallBanks, type RecallBank } from "astrocyte/pipeline";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

type Bank = [string, number][] | Error | "silent";

function banksOf(banks: Record<string, Bank>) {
  const visited: string[] = [];
  const recallBank: RecallBank = async (bankId, { signal }) => {
    visited.push(bankId);
    const bank = banks[bankId] ?? [];
    if (bank instanceof Error) throw bank;
    if (bank === "silent") {
      await new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("stopped")));
      });
    }
    const hits: MemoryHit[] = Array.isArray(bank)
      ? bank.map(([text, score]) => ({ text, score }))
      : [];
    return { hits, totalAvailable: hits.length, truncated: false, topSemanticScore: 0.9 };
  };
  return { ids: Object.keys(banks), recallBank, visited };
}

const three = {
  a: [
    ["x", 0.9],
    ["shared", 0.4],
  ],
  b: [
    ["z", 0.8],
    ["shared", 0.6],
  ],
  c: [["w", 0.3]],
} satisfies Record<string, Bank>;
const down = new ProviderUnavailableError("b", "down");
const shown = (hits: readonly MemoryHit[]) =>
  hits.map(({ text, score, bankId }) => [text, score, bankId]);

describe("recallBanks in parallel", () => {
  it("MB-1: weighs, sorts and keeps the best of equal texts", async () => {
    const { ids, recallBank } = banksOf(three);
    const strategy = { bankWeights: { a: 2 } };
    const result = await recallBanks(ids, recallBank, { strategy, maxResults: 10 });
    expect(shown(result.hits)).toEqual([
      ["x", 1.8, "a"],
      ["shared", 0.8, "a"],
      ["z", 0.8, "b"],
      ["w", 0.3, "c"],
    ]);
    expect(result).toMatchObject({ totalAvailable: 5, truncated: false, topSemanticScore: 0 });
  });

  it("keeps equal texts when asked to", async () => {
    const { ids, recallBank } = banksOf(three);
    const strategy = { dedupAcrossBanks: false };
    expect((await recallBanks(ids, recallBank, { strategy, maxResults: 10 })).hits).toHaveLength(5);
  });

  it("asks a bank once that is named twice", async () => {
    const { recallBank, visited } = banksOf(three);
    await recallBanks(["a", "a"], recallBank, { maxResults: 10 });
    expect(visited).toEqual(["a"]);
  });

  it("MB-4: leaves a failing bank out and reports it", async () => {
    const { ids, recallBank } = banksOf({ ...three, b: down });
    const failures: unknown[] = [];
    const result = await recallBanks(ids, recallBank, {
      maxResults: 10,
      onBankFailure: (...failure) => failures.push(failure),
    });
    expect(result.hits.map(({ bankId }) => bankId)).toEqual(["a", "a", "c"]);
    expect(result.truncated).toBe(false);
    expect(failures).toEqual([["b", down]]);
  });

  it("MB-5: returns what came in time, says that some is missing, and aborts the rest", async () => {
    const { ids, recallBank } = banksOf({ ...three, b: "silent" });
    const failures: unknown[] = [];
    const result = await recallBanks(ids, recallBank, {
      maxResults: 10,
      timeoutMs: 20,
      onBankFailure: (bankId, error) => failures.push([bankId, error]),
    });
    expect(result.hits.map(({ bankId }) => bankId)).toEqual(["a", "a", "c"]);
    expect(result.truncated).toBe(true);
    expect(failures).toEqual([
      ["b", expect.objectContaining({ code: "ASTROCYTE_PROVIDER_UNAVAILABLE" })],
    ]);
  });

  it("fails when no bank answers", async () => {
    const { ids, recallBank } = banksOf({ a: down, b: new Error("other") });
    await expect(recallBanks(ids, recallBank, { maxResults: 10 })).rejects.toBe(down);
    const silent = banksOf({ a: "silent" });
    await expect(
      recallBanks(silent.ids, silent.recallBank, { maxResults: 10, timeoutMs: 5 }),
    ).rejects.toMatchObject({ code: "ASTROCYTE_PROVIDER_UNAVAILABLE" });
  });

  it("MB-6: fails as a whole when access to one bank is denied", async () => {
    const denied = new AccessDeniedError("user:ann", "b", "read");
    const { ids, recallBank } = banksOf({ ...three, b: denied });
    await expect(recallBanks(ids, recallBank, { maxResults: 10 })).rejects.toBe(denied);
  });

  it("rejects with the reason of an abort, though a bank ignores it", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const call = recallBanks(["a"], () => new Promise(() => {}), {
      maxResults: 10,
      signal: controller.signal,
    });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  it("spends one token budget on the hits of all banks", async () => {
    const { ids, recallBank } = banksOf(three);
    const result = await recallBanks(ids, recallBank, {
      maxResults: 10,
      maxTokens: 2,
      countTokens: () => 1,
    });
    expect(result.hits.map(({ text }) => text)).toEqual(["x", "z"]);
    expect(result.truncated).toBe(true);
  });

  it("MB-8: never returns a text twice or a hit without its bank", async () => {
    const bank = fc.array(
      fc.tuple(fc.constantFrom("t", "u", "v"), fc.double({ min: 0, max: 1, noNaN: true })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom("a", "b", "__proto__"), bank),
        async (banks) => {
          const { ids, recallBank } = banksOf(banks);
          const { hits } = await recallBanks(ids, recallBank, { maxResults: 10 });
          expect(new Set(hits.map(({ text }) => text)).size).toBe(hits.length);
          expect(hits.every(({ bankId }) => ids.includes(bankId ?? ""))).toBe(true);
        },
      ),
    );
  });
});

describe("recallBanks one by one", () => {
  it("MB-2: stops a cascade when there is enough, equal texts counted once", async () => {
    const { ids, recallBank, visited } = banksOf({
      a: [
        ["s", 0.9],
        ["t", 0.8],
      ],
      b: [["s", 0.7]],
      c: [["u", 0.1]],
      d: [["v", 1]],
    });
    const result = await recallBanks(ids, recallBank, { strategy: "cascade", maxResults: 10 });
    expect(visited).toEqual(["a", "b", "c"]);
    expect(shown(result.hits)).toEqual([
      ["s", 0.9, "a"],
      ["t", 0.8, "a"],
      ["u", 0.1, "c"],
    ]);
    expect(result.totalAvailable).toBe(4);
  });

  it("MB-3: takes the first bank that has anything", async () => {
    const { ids, recallBank, visited } = banksOf({ ...three, a: [] });
    const result = await recallBanks(ids, recallBank, { strategy: "first_match", maxResults: 1 });
    expect(visited).toEqual(["a", "b"]);
    expect(shown(result.hits)).toEqual([["z", 0.8, "b"]]);
  });

  it.each(["cascade", "first_match"] as const)(
    "fails with the bank that it asks: %s",
    async (strategy) => {
      const { ids, recallBank } = banksOf({ a: down, b: three.b });
      await expect(recallBanks(ids, recallBank, { strategy, maxResults: 10 })).rejects.toBe(down);
    },
  );

  it("MB-7: refuses an unknown mode before any bank is asked", async () => {
    const { ids, recallBank, visited } = banksOf(three);
    await expect(
      recallBanks(ids, recallBank, { strategy: "round_robin" as "cascade", maxResults: 10 }),
    ).rejects.toMatchObject({ code: "ASTROCYTE_CONFIG", message: expect.stringContaining("mode") });
    expect(visited).toEqual([]);
  });
});

describe("MB-2: bankVisitOrder", () => {
  it("puts the named banks first and each bank once", () => {
    expect(bankVisitOrder(["a", "b", "a", "c"], ["x", "c", "c"])).toEqual(["c", "a", "b"]);
  });
});
