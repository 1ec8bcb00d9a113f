import { describe, expect, it } from "vitest";
import { findDamage, item, startWithVectors, useServer, type Workspace } from "./support.js";

const workspace = useServer(startWithVectors);
const bank = { bankId: "bank" };

/** Lets the first statements that store a memory fail as a server would; rolling back does not undo the count. */
async function failFirst(query: Workspace["query"], times: number, state: string): Promise<void> {
  await query("CREATE SEQUENCE $schema.failures");
  await query(`CREATE FUNCTION $schema.fail() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
      IF nextval('$schema.failures') <= ${times} THEN
        RAISE EXCEPTION 'with private words' USING ERRCODE = '${state}';
      END IF;
      RETURN NEW;
    END $body$`);
  await query(
    "CREATE TRIGGER fail BEFORE INSERT ON $schema.astrocyte_memories FOR EACH ROW EXECUTE FUNCTION $schema.fail()",
  );
}

describe("a serialization failure", () => {
  it.each(["40001", "40P01"])("(%s) is tried again, after a random while", async (state) => {
    const { open, query } = await workspace();
    let draws = 0;
    const random = () => {
      draws += 1;
      return 0;
    };
    const store = await open({}, { random });
    await failFirst(query, 3, state);
    const before = (await store.bankRevision(bank)) ?? 0;
    expect(await store.storeVectors([item("a")])).toEqual(["a"]);
    expect(draws).toBe(3);
    expect(await store.bankRevision(bank)).toBe(before + 1);
    expect(await findDamage(query)).toEqual([]);
  });

  it("ends the call when it does not end itself", async () => {
    const { open, query } = await workspace();
    const store = await open({}, { random: () => 0 });
    await failFirst(query, 1000, "40001");
    await expect(store.storeVectors([item("a")])).rejects.toMatchObject({
      code: "ASTROCYTE_STORAGE",
      message: expect.stringMatching(/retry.*40001/),
    });
    expect(await query("SELECT last_value::int AS tries FROM $schema.failures")).toEqual([
      { tries: 6 },
    ]);
    expect(await store.listVectors(bank)).toEqual([]);
  });

  it("is not waited for after an abort", async () => {
    const { open, query } = await workspace();
    const controller = new AbortController();
    const reason = new Error("enough");
    const store = await open(
      {},
      {
        random: () => {
          queueMicrotask(() => controller.abort(reason));
          return 1e6;
        },
      },
    );
    await failFirst(query, 1000, "40001");
    await expect(store.storeVectors([item("a")], { signal: controller.signal })).rejects.toBe(
      reason,
    );
  });
});

describe("an error of the server", () => {
  it.each([
    ["53100", "ASTROCYTE_STORAGE", /disk is full.*nothing of this call was written/],
    ["25006", "ASTROCYTE_STORAGE", /read-only/],
    ["42501", "ASTROCYTE_STORAGE", /privilege/],
    ["57014", "ASTROCYTE_STORAGE", /statement_timeout_ms/],
    ["XX000", "ASTROCYTE_STORAGE", /refused the statement/],
    ["53300", "ASTROCYTE_PROVIDER_UNAVAILABLE", /did not answer/],
    ["57P03", "ASTROCYTE_PROVIDER_UNAVAILABLE", /did not answer/],
  ])(
    "%s becomes %s, without its text, and nothing is half written",
    async (state, code, message) => {
      const { open, query } = await workspace();
      const store = await open();
      await store.storeVectors([item("before")]);
      const before = await store.bankRevision(bank);
      await failFirst(query, 1, state);
      const error: unknown = await store
        .storeVectors([item("a"), item("b", { bankId: "other" })])
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code,
        message: expect.stringMatching(message),
        cause: expect.objectContaining({ code: state }),
      });
      expect(String(error)).toContain(state);
      expect(String(error)).not.toContain("private");
      expect((await store.listVectors(bank)).map(({ id }) => id)).toEqual(["before"]);
      expect(await store.listVectors({ bankId: "other" })).toEqual([]);
      expect(await store.bankRevision(bank)).toBe(before);
      expect(await store.storeVectors([item("a")])).toEqual(["a"]);
      expect(await findDamage(query)).toEqual([]);
    },
  );
});
