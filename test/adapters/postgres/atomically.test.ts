import { InvalidArgumentError } from "astrocyte";
import { describe, expect, it } from "vitest";
import {
  findDamage,
  item,
  noRealServer,
  startReal,
  startWithVectors,
  useServer,
} from "./support.js";

const bank = { bankId: "bank" };
const entity = { id: "e", name: "n", entityType: "o", mentionCount: 1 };

describe("a transaction of several calls", () => {
  const workspace = useServer(startWithVectors);

  it("is there as a whole, and its calls see what the earlier ones did", async () => {
    const { open, query } = await workspace();
    const store = await open();
    const result = await store.atomically(async () => {
      await store.storeVectors([item("a")]);
      await Promise.all([
        store.storeEntities([entity], bank),
        store.linkMemoriesToEntities([{ memoryId: "a", entityId: "e" }], bank),
        store.storeDocument({ id: "d", text: "d" }, bank),
      ]);
      return await store.queryNeighbors(["e"], bank);
    });
    expect(result).toMatchObject([{ memoryId: "a" }]);
    expect(await store.searchSimilar([1, 0, 0], bank)).toHaveLength(1);
    expect(await findDamage(query)).toEqual([]);
  });

  it("leaves nothing when it fails, not even a dimension, and the revision says so", async () => {
    const { open, query } = await workspace();
    const store = await open();
    const before = (await store.bankRevision(bank)) ?? 0;
    const failure = new TypeError("in the middle");
    await expect(
      store.atomically(async () => {
        await store.storeVectors([item("a")]);
        await store.searchSimilar([1, 0, 0], bank);
        await store.storeEntities([entity], bank);
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(await store.listVectors(bank)).toEqual([]);
    expect(await store.queryEntities("", bank)).toEqual([]);
    expect(((await store.bankRevision(bank)) ?? 0) - before).toBeGreaterThan(1);
    expect(await store.storeVectors([item("b", { vector: [1, 0] })])).toEqual(["b"]);
    expect(await findDamage(query)).toEqual([]);
  });

  it("goes on after a call inside that failed, which is undone alone", async () => {
    const { open, query } = await workspace();
    const store = await open();
    await query(`CREATE FUNCTION $schema.refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
      BEGIN
        IF NEW.id = 'refused' THEN RAISE EXCEPTION 'no'; END IF;
        RETURN NEW;
      END $body$`);
    await query(
      "CREATE TRIGGER refuse BEFORE INSERT ON $schema.astrocyte_memories FOR EACH ROW EXECUTE FUNCTION $schema.refuse()",
    );
    const reason = new Error("enough");
    await store.atomically(async () => {
      await store.storeVectors([item("a")]);
      await expect(store.storeVectors([item("b"), item("refused")])).rejects.toMatchObject({
        code: "ASTROCYTE_STORAGE",
      });
      await expect(store.storeVectors([item("")])).rejects.toThrow(InvalidArgumentError);
      const controller = new AbortController();
      const aborted = store.storeVectors([item("c")], { signal: controller.signal });
      controller.abort(reason);
      await expect(aborted).rejects.toBe(reason);
      await store.storeVectors([item("d")]);
    });
    expect((await store.listVectors(bank)).map(({ id }) => id)).toEqual(["a", "d"]);
    expect(await findDamage(query)).toEqual([]);
  });

  it("takes another inside as a part, and ends before the store closes", async () => {
    const { open } = await workspace();
    const store = await open();
    const running = store.atomically(async () => {
      await store.atomically(() => store.storeVectors([item("a")]));
      await store.storeVectors([item("b")]);
    });
    await store.close();
    await running;
    await expect(store.atomically(() => Promise.resolve())).rejects.toMatchObject({
      code: "ASTROCYTE_CLOSED",
    });
    expect(await (await open()).listVectors(bank)).toHaveLength(2);
  });

  it("is undone by an abort, also while it runs", async () => {
    const { open, query } = await workspace();
    const store = await open();
    const reason = new Error("enough");
    const controller = new AbortController();
    await expect(
      store.atomically(
        async () => {
          await store.storeVectors([item("a")]);
          controller.abort(reason);
          await store.storeVectors([item("b")]);
        },
        { signal: controller.signal },
      ),
    ).rejects.toBe(reason);
    expect(await store.listVectors(bank)).toEqual([]);
    expect(await findDamage(query)).toEqual([]);
  });
});

describe.skipIf(noRealServer !== undefined)(
  "transactions of several calls at once (skipped where PostgreSQL is not installed)",
  () => {
    const workspace = useServer(startReal);

    it("are whole to others at every moment", async () => {
      const { open, query } = await workspace();
      const [writer, reader] = [await open(), await open()];
      const halves: unknown[] = [];
      const done = new AbortController();
      const watching = (async () => {
        while (!done.signal.aborted) {
          const rows = await query(
            `SELECT m.id FROM $schema.astrocyte_memories m LEFT JOIN $schema.astrocyte_mentions n ON n.memory_id = m.id
              WHERE n.memory_id IS NULL`,
          );
          halves.push(...rows);
        }
      })();
      await Promise.all(
        Array.from({ length: 60 }, (_, index) => {
          const store = index % 2 === 0 ? writer : reader;
          const id = `m${index}`;
          return store.atomically(async () => {
            await store.storeVectors([item(id, { vector: [] })]);
            await store.storeEntities([entity], bank);
            await store.linkMemoriesToEntities([{ memoryId: id, entityId: "e" }], bank);
          });
        }),
      );
      done.abort();
      await watching;
      expect(halves).toEqual([]);
      expect(await reader.listVectors(bank)).toHaveLength(60);
      expect(await findDamage(query)).toEqual([]);
    });
  },
);
