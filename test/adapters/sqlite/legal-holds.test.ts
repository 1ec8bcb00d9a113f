import { describe, expect, it } from "vitest";
import { hold, legalHoldTests } from "../stores/legal-hold-tests.js";
import { item, query, useWorkspace } from "./support.js";

const workspace = useWorkspace();

legalHoldTests(workspace);

describe("a file of the release before legal holds", () => {
  it("gets their table and keeps its memories, also when several open it at once", async () => {
    const { file, open } = await workspace();
    const store = await open();
    await store.storeVectors([item("a")]);
    await store.close();
    await query(file(), "DROP TABLE astrocyte_legal_holds");
    await query(file(), "UPDATE astrocyte_meta SET value = '1' WHERE key = 'schema_version'");

    const [upgraded, ...others] = await Promise.all([open(), open(), open()]);
    await Promise.all(
      [upgraded, ...others].map((each, index) => each.setHold(hold("bank", `h${index}`))),
    );
    expect(await upgraded.listVectors({ bankId: "bank" })).toEqual([item("a")]);
    expect(await upgraded.listHolds("bank")).toHaveLength(3);
    expect(
      await query(file(), "SELECT value FROM astrocyte_meta WHERE key = 'schema_version'"),
    ).toEqual([{ value: "4" }]);
  });
});
