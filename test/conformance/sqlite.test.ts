import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSqliteStore } from "astrocyte/adapters/sqlite";
import {
  documentStoreConformance,
  graphStoreConformance,
  mentalModelStoreConformance,
  vectorStoreConformance,
} from "astrocyte/conformance";
import { afterAll, describe, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "astrocyte-conformance-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const places = {
  "sqlite in memory": () => ":memory:",
  "sqlite in a file": () => join(folder, `${(files += 1)}.db`),
};

for (const [name, path] of Object.entries(places)) {
  const create = () => createSqliteStore({ path: path() });
  const runner = { describe, it };
  vectorStoreConformance({ name, create, capabilities: { indexesText: true } }, runner);
  documentStoreConformance({ name, create }, runner);
  graphStoreConformance({ name, create }, runner);
  mentalModelStoreConformance({ name, create }, runner);
}
