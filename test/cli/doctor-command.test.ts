import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runCliHere, runCliProcess } from "../support/run-cli.js";

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

describe("astrocyte doctor", () => {
  it("looks at Node.js and the packages where there is no file", () => {
    const { status, stdout } = runCliProcess(folder, ["doctor"]);
    expect(stdout).toContain(`ok      Node.js: ${process.versions.node}`);
    expect(stdout).toMatch(/ok {6}@libsql\/client: \d+\.\d+\.\d+ for vector_store: sqlite/);
    expect(stdout).not.toContain("configuration");
    expect(status).toBe(0);
  });

  it("asks the providers of a file", async () => {
    const path = file(
      `vector_store: sqlite\nvector_store_config: { path: ${join(folder, "memory.db")} }\nembedding_provider: mock`,
    );
    const { status, stdout } = await runCliHere(["doctor", path]);
    expect(stdout).toMatch(/ok {6}vector store: sqlite/);
    expect(stdout).toMatch(/ok {6}embeddings: \d+ dimensions, which the store takes/);
    expect(stdout).toMatch(/ok {6}policies/);
    expect(status).toBe(0);
  });

  it("prints nothing of what came from the environment", async () => {
    vi.stubEnv("ASTROCYTE_TEST_KEY", "hunter2secret");
    try {
      for (const path of [
        join(folder, "${ASTROCYTE_TEST_KEY}/x.db"),
        "/proc/${ASTROCYTE_TEST_KEY}.db",
      ]) {
        const settings = `vector_store_config: { path: "${path}" }`;
        const { stdout, stderr } = await runCliHere([
          "doctor",
          file(`vector_store: sqlite\n${settings}`),
        ]);
        expect(stdout).toContain("***");
        expect(stdout + stderr).not.toContain("hunter2secret");
      }
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("ends with 1 when the store holds vectors of another length", async () => {
    const path = file(
      `vector_store: sqlite\nvector_store_config: { path: ${join(folder, "other.db")}, dimension: 7 }\nembedding_provider: mock`,
    );
    const { status, stdout } = await runCliHere(["doctor", path]);
    expect(stdout).toMatch(/failed {2}embeddings: .*holds 7-dimensional vectors/);
    expect(status).toBe(1);
  });

  it("asks each store once, and the model only when it is told to", async () => {
    const path = file(
      "vector_store: in_memory\ndocument_store: in_memory\ngraph_store: in_memory\nllm_provider: mock",
    );
    const { status, stdout, stderr } = await runCliHere(["doctor", path]);
    for (const subject of ["vector store", "document store", "graph store", "embeddings"]) {
      expect(stdout).toMatch(new RegExp(`^ok {6}${subject}: `, "m"));
      expect(stderr).toContain(`asking: ${subject}\n`);
    }
    expect(stdout).toMatch(/ok {6}model: mock, batch embed; not asked \(--ask does\)/);
    expect(status).toBe(0);
    expect((await runCliHere(["doctor", path, "--ask"])).stdout).toMatch(
      /ok {6}model: mock.*; mock answers/,
    );
  });

  it("waits no longer than it is told to", async () => {
    // So that the wait is for the server, not for the package to be loaded.
    await import("@langchain/openai");
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const path = file(
      `vector_store: in_memory\nllm_provider: openai\nllm_provider_config: { base_url: "http://127.0.0.1:${port}/v1" }`,
    );
    const { status, stdout } = await runCliHere(["doctor", path, "--timeout", "1", "--ask"]);
    silent.closeAllConnections();
    silent.close();
    expect(stdout).toMatch(/failed {2}embeddings: no answer within 1000 ms/);
    expect(stdout).toMatch(/failed {2}model: no answer within 1000 ms/);
    expect(status).toBe(1);
  });

  it("ends with 1 when a provider is not known", async () => {
    const { status, stdout } = await runCliHere(["doctor", file("vector_store: qdrant")]);
    expect(stdout).toMatch(/failed {2}configuration: .*"qdrant".*Python package's/);
    expect(status).toBe(1);
  });
});
