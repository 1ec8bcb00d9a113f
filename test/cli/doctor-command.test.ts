import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCliProcess } from "../support/run-cli.js";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "astrocyte-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, "config.yaml");
  writeFileSync(path, text);
  return path;
}

const run = (args: readonly string[], environment: Record<string, string> = {}) =>
  runCliProcess(folder, args, environment);

describe("astrocyte doctor", () => {
  it("looks at Node.js and the packages where there is no file", () => {
    const { status, stdout } = run(["doctor"]);
    expect(stdout).toContain(`ok      Node.js: ${process.versions.node}`);
    expect(stdout).toMatch(/ok {6}@libsql\/client: for vector_store: sqlite/);
    expect(stdout).not.toContain("configuration");
    expect(status).toBe(0);
  });

  it("asks the providers of a file", () => {
    const path = file(
      "vector_store: sqlite\nvector_store_config: { path: memory.db }\nembedding_provider: mock",
    );
    const { status, stdout } = run(["doctor", path]);
    expect(stdout).toMatch(/ok {6}vector store: sqlite/);
    expect(stdout).toMatch(/ok {6}embeddings: \d+ dimensions, which the store takes/);
    expect(stdout).toMatch(/ok {6}policies/);
    expect(status).toBe(0);
  });

  it("ends with 1 when the store holds vectors of another length", () => {
    const path = file(
      "vector_store: sqlite\nvector_store_config: { path: other.db, dimension: 7 }\nembedding_provider: mock",
    );
    const { status, stdout } = run(["doctor", path]);
    expect(stdout).toMatch(/failed {2}embeddings: .*holds 7-dimensional vectors/);
    expect(status).toBe(1);
  });

  it("ends with 1 when a provider is not known", () => {
    const { status, stdout } = run(["doctor", file("vector_store: qdrant")]);
    expect(stdout).toMatch(/failed {2}configuration: .*"qdrant".*Python package's/);
    expect(status).toBe(1);
  });
});
