import * as fc from "fast-check";
import { Client } from "pg";
import { describe, expect, it, vi } from "vitest";
import { item, startWithVectors, useServer } from "./support.js";

const workspace = useServer(startWithVectors);
const bank = { bankId: "bank" };

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("next" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("jump" as const), offset: fc.nat(14) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("store" as const), n: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), n: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("elsewhere" as const), n: fc.nat(30) }) },
);

const idOf = (n: number) => `m${String(n).padStart(2, "0")}`;

describe("listing page by page", () => {
  it("gives what counting off would give, whatever changes in between", async () => {
    const { open } = await workspace();
    const [store, other] = [await open(), await open()];
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.integer({ min: 1, max: 5 }),
        async (steps, limit) => {
          await store.clearBank(bank);
          const ids = new Set([1, 3, 5, 7, 9, 11, 13].map(idOf));
          await store.storeVectors([...ids].map((id) => item(id)));
          const seen: string[][] = [];
          const expected: string[][] = [];
          let offset = 0;
          for (const one of steps) {
            if (one.kind === "store" || one.kind === "elsewhere") {
              ids.add(idOf(one.n));
              await (one.kind === "store" ? store : other).storeVectors([item(idOf(one.n))]);
            } else if (one.kind === "delete") {
              ids.delete(idOf(one.n));
              await store.delete([idOf(one.n)], bank);
            } else {
              if (one.kind === "jump") offset = one.offset;
              const page = await store.listVectors({ ...bank, offset, limit });
              seen.push(page.map(({ id }) => id));
              expected.push([...ids].toSorted().slice(offset, offset + limit));
              offset += page.length;
            }
          }
          expect(seen).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("counts off only where it begins, or after a change", async () => {
    const { open } = await workspace();
    const store = await open();
    await store.storeVectors(Array.from({ length: 10 }, (_, index) => item(`m${index}`)));
    const statements = vi.spyOn(Client.prototype, "query");
    const page = (offset: number) => store.listVectors({ ...bank, offset, limit: 3 });
    for (const offset of [0, 3, 6]) await page(offset);
    const counted = () => statements.mock.calls.filter(([sql]) => sql.includes("OFFSET")).length;
    expect(counted()).toBe(1);
    await store.delete(["m9"], bank);
    await page(9);
    expect(counted()).toBe(2);
    statements.mockRestore();
  });
});
