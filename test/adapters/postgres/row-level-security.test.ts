import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { item as memory, noRealServer, startReal, useServer } from "./support.js";

// The server has no pgvector.
const item: typeof memory = (id, rest) => memory(id, { vector: [], ...rest });
const bankTables = [
  "astrocyte_banks",
  "astrocyte_memories",
  "astrocyte_entities",
  "astrocyte_entity_links",
  "astrocyte_mentions",
  "astrocyte_memory_links",
  "astrocyte_legal_holds",
  "astrocyte_mental_models",
];

/** A role that owns its schemas, but is no superuser. */
async function createOwner(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const role = `owner_${randomUUID().slice(0, 8)}`;
  await client.query(`CREATE ROLE ${role} LOGIN; GRANT CREATE ON DATABASE postgres TO ${role}`);
  await client.end();
  return url.replace("postgres@", `${role}@`);
}

describe.skipIf(noRealServer !== undefined)(
  "row-level security (skipped where PostgreSQL is not installed)",
  () => {
    const workspace = useServer(startReal);

    it("hides the other banks in every table from whoever names one, the owner too", async () => {
      const { open, query, schema, url } = await workspace();
      const owner = await createOwner(url);
      const store = await open({ url: owner, rowLevelSecurity: true });
      for (const bankId of ["mine", "theirs"]) {
        const bank = { bankId };
        await store.storeVectors([item("a", { bankId, text: `secret of ${bankId}` })]);
        await store.storeEntities(
          ["e", "f"].map((id) => ({ id, name: id, entityType: "OTHER", mentionCount: 1 })),
          bank,
        );
        await store.storeEntityLink(
          { entityA: "e", entityB: "f", linkType: "x", evidence: "", confidence: 1 },
          bank,
        );
        await store.linkMemoriesToEntities([{ memoryId: "a", entityId: "e" }], bank);
        const ends = { sourceMemoryId: "a", targetMemoryId: "b" };
        await store.storeMemoryLinks(
          [{ ...ends, linkType: "semantic", evidence: "", confidence: 1, weight: 1 }],
          bank,
        );
        await store.setHold({
          bankId,
          holdId: "h",
          reason: "r",
          setBy: "user:a",
          setAt: "2026-01-01",
        });
        await store.upsertModel(
          { modelId: "m", title: "t", content: "c", scope: "s", kind: "general" },
          bank,
        );
      }

      const client = new Client({ connectionString: owner });
      await client.connect();
      const banksSeen = async (table: string): Promise<unknown[]> => {
        const { rows } = await client.query<{ bank_id: string }>(
          `SELECT DISTINCT bank_id FROM ${schema}.${table}`,
        );
        return rows.map((row) => row.bank_id);
      };
      for (const table of bankTables) {
        expect([table, await banksSeen(table)]).toEqual([table, []]);
        await client.query("BEGIN");
        await client.query("SELECT set_config('astrocyte.bank_id', $1, true)", ["mine"]);
        expect([table, await banksSeen(table)]).toEqual([table, ["mine"]]);
        const { rowCount } = await client.query(
          `DELETE FROM ${schema}.${table} WHERE bank_id = 'theirs'`,
        );
        expect([table, rowCount]).toEqual([table, 0]);
        await client.query("ROLLBACK");
        // What holds for a transaction does not outlast it.
        expect([table, await banksSeen(table)]).toEqual([table, []]);
      }
      await client.query("BEGIN");
      await client.query("SELECT set_config('astrocyte.bank_id', $1, true)", ["mine"]);
      await expect(
        client.query(
          `INSERT INTO ${schema}.astrocyte_mentions (bank_id, memory_id, entity_id) VALUES ('theirs', 'a', 'f')`,
        ),
      ).rejects.toThrow(/row-level security/);
      await client.end();

      // Otherwise the tables might have been empty anyway.
      for (const table of bankTables) {
        expect(
          await query(`SELECT DISTINCT bank_id FROM $schema.${table} ORDER BY bank_id`),
        ).toEqual([{ bank_id: "mine" }, { bank_id: "theirs" }]);
      }
      expect(await store.searchFulltext("secret", { bankId: "mine" })).toMatchObject([
        { text: "secret of mine" },
      ]);
      expect(await store.clearBank({ bankId: "mine" })).toBe(1);
      expect(await store.listVectors({ bankId: "theirs" })).toHaveLength(1);
    });

    it("is served by a role that owns nothing, and cannot be switched off by it", async () => {
      const { open, query, schema, url } = await workspace();
      const owner = await createOwner(url);
      await (await open({ url: owner, row_level_security: true })).close();
      await query("CREATE ROLE app LOGIN");
      await query("GRANT USAGE ON SCHEMA $schema TO app");
      await query("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA $schema TO app");
      const asApp = url.replace("postgres@", "app@");
      // It holds whether or not this store asks for it.
      const store = await open({ url: asApp });
      await store.storeVectors([
        item("a", { bankId: "one", text: "secret" }),
        item("a", { bankId: "two", text: "secret" }),
      ]);
      expect(await store.searchFulltext("secret", { bankId: "one" })).toHaveLength(1);
      expect(await store.bankRevision({ bankId: "one" })).toBe(1);
      expect(await store.delete(["a"], { bankId: "one" })).toBe(1);
      expect(await store.listVectors({ bankId: "two" })).toHaveLength(1);
      await store.close();
      const client = new Client({ connectionString: asApp });
      await client.connect();
      expect((await client.query(`SELECT * FROM ${schema}.astrocyte_memories`)).rows).toEqual([]);
      await expect(
        client.query(`ALTER TABLE ${schema}.astrocyte_memories DISABLE ROW LEVEL SECURITY`),
      ).rejects.toThrow(/owner/);
      await client.end();
      await query("DROP OWNED BY app");
      await query("DROP ROLE app");
    });

    it("refuses a role that it does not hold for", async () => {
      const { open } = await workspace();
      await expect(open({ rowLevelSecurity: true })).rejects.toMatchObject({
        code: "ASTROCYTE_CONFIG",
        message: expect.stringContaining("superuser"),
      });
    });

    it("is switched on in a schema that was filled without", async () => {
      const { open, url, schema } = await workspace();
      const owner = await createOwner(url);
      const before = await open({ url: owner });
      await before.storeVectors([item("a", { bankId: "one" }), item("a", { bankId: "two" })]);
      await before.close();
      const store = await open({ url: owner, rowLevelSecurity: true });
      expect(await store.listVectors({ bankId: "one" })).toHaveLength(1);
      const client = new Client({ connectionString: owner });
      await client.connect();
      expect((await client.query(`SELECT * FROM ${schema}.astrocyte_memories`)).rows).toEqual([]);
      await client.end();
    });
  },
);
