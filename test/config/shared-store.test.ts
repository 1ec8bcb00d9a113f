import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Astrocyte } from "astrocyte";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder = "";
const defaultFile = join(process.cwd(), ".astrocyte/memory.db");
const hadDefaultFile = existsSync(defaultFile);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-shared-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("opens one file when the document store repeats the vector store's name", async () => {
  const path = join(folder, "mine.db");
  const brain = await Astrocyte.fromConfig({
    vector_store: "sqlite",
    vector_store_config: { path },
    document_store: "sqlite",
    graph_store: "sqlite",
  });
  await brain.retain("dark mode", { bankId: "b" });
  expect((await brain.recall("dark", { bankId: "b" })).hits[0]?.strategies).toContain("keyword");
  await brain.close();
  expect(existsSync(path)).toBe(true);
  expect(existsSync(defaultFile)).toBe(hadDefaultFile);
});
