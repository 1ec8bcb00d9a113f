import type { VectorStore } from "astrocyte";
import { createInMemoryVectorStore } from "astrocyte/testing";
import { expect, it } from "vitest";
import { BankIndexes } from "../../../src/pipeline/bank-index/bank-indexes.js";

const item = (bankId: string, id: string) => ({
  bankId,
  id,
  vector: [1, 0],
  text: `text of ${id}`,
});

/** A store that tells changes from elsewhere for each bank, as one with many writers does. */
function storeOfMany() {
  const store = createInMemoryVectorStore();
  const foreign: Record<string, number> = { a: 3, b: 7 };
  let own = 0;
  const counted = async <Result>(run: Promise<Result>): Promise<Result> => {
    const result = await run;
    own += 1;
    return result;
  };
  const told: VectorStore = {
    ...store,
    storeVectors: (items, options) => counted(store.storeVectors(items, options)),
    bankRevision: ({ bankId }) => Promise.resolve((foreign[bankId] ?? 0) * 2 ** 20 + own),
  };
  const changeElsewhere = async (bankId: string, id: string): Promise<void> => {
    await store.storeVectors([item(bankId, id)]);
    foreign[bankId] = (foreign[bankId] ?? 0) + 1;
  };
  return { store: told, changeElsewhere };
}

it("keeps the index of a bank while another one is changed or asked", async () => {
  const { store, changeElsewhere } = storeOfMany();
  const indexes = new BankIndexes();
  await store.storeVectors([item("a", "a1"), item("b", "b1")]);
  const a = await indexes.get(store, { bankId: "a" });
  const b = await indexes.get(store, { bankId: "b" });
  expect(await indexes.get(store, { bankId: "a" })).toBe(a);

  await changeElsewhere("b", "b2");
  expect(await indexes.get(store, { bankId: "a" })).toBe(a);
  const rebuilt = await indexes.get(store, { bankId: "b" });
  expect(rebuilt).not.toBe(b);
  expect(rebuilt?.size).toBe(2);

  const added = [item("a", "a2")];
  await indexes.write(
    "a",
    () => store.storeVectors(added),
    (index) => index.add(added),
  );
  expect(await indexes.get(store, { bankId: "a" })).toBe(a);
  expect(a?.size).toBe(2);
  expect(await indexes.get(store, { bankId: "b" })).toBe(rebuilt);

  await changeElsewhere("a", "a3");
  expect((await indexes.get(store, { bankId: "a" }))?.size).toBe(3);
});

it("knows nothing any more after a write that failed", async () => {
  const { store } = storeOfMany();
  const indexes = new BankIndexes();
  await store.storeVectors([item("a", "a1")]);
  const before = await indexes.get(store, { bankId: "a" });
  await expect(
    indexes.write(
      "a",
      () => Promise.reject(new Error("lost")),
      () => {},
    ),
  ).rejects.toThrow("lost");
  expect(await indexes.get(store, { bankId: "a" })).not.toBe(before);
});
