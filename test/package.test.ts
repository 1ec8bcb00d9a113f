import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/** A project that has nothing installed but the packed package and its two dependencies. */
let consumer = "";
let files: string[] = [];

beforeAll(() => {
  consumer = mkdtempSync(join(tmpdir(), "astrocyte-package-"));
  const modules = join(consumer, "node_modules");
  mkdirSync(join(modules, "astrocyte"), { recursive: true });
  const output = execFileSync("npm", ["pack", "--json", "--pack-destination", consumer], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [packed] = JSON.parse(output.slice(output.indexOf("[\n"))) as [
    { filename: string; files: { path: string }[] },
  ];
  files = packed.files.map(({ path }) => path);
  const tarball = join(consumer, packed.filename);
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", join(modules, "astrocyte")]);
  for (const name of ["zod", "yaml"])
    symlinkSync(join(root, "node_modules", name), join(modules, name));
}, 120_000);

afterAll(() => rmSync(consumer, { recursive: true, force: true }));

function runScript(script: string, type: "module" | "commonjs" = "module") {
  return spawnSync(process.execPath, [`--input-type=${type}`, "-e", script], {
    cwd: consumer,
    encoding: "utf8",
  });
}

describe("the packed package", () => {
  it("holds what runs and what is read, and no sources or tests", () => {
    expect(files).toContain("dist/src/index.js");
    expect(files).toContain("dist/src/index.d.ts");
    expect(files).toContain("dist/src/config/profiles/minimal.yaml");
    expect(files).toContain("LICENSE");
    expect(
      files.filter((file) => /\.tsbuildinfo$|^(src|test|examples|adapters)\//.test(file)),
    ).toEqual([]);
  });

  it("remembers, with no peer installed", () => {
    const { stdout, stderr } = runScript(`
      import { Astrocyte } from "astrocyte";
      const brain = await Astrocyte.fromConfig({ profile: "minimal", vector_store: "in_memory", embedding_provider: "mock" });
      await brain.retain("Calvin prefers dark mode", { bankId: "b" });
      console.log((await brain.recall("dark mode", { bankId: "b" })).hits[0].text);
    `);
    expect(stderr).toBe("");
    expect(stdout).toBe("Calvin prefers dark mode\n");
  });

  it("can be required by CommonJS", () => {
    const { stdout } = runScript('console.log(typeof require("astrocyte").Astrocyte)', "commonjs");
    expect(stdout).toBe("function\n");
  });

  it.each([
    ["vector_store: sqlite", "@libsql/client", '{ vector_store: "sqlite" }'],
    [
      "embedding_provider: local",
      "@lat.md/embed",
      '{ vector_store: "in_memory", embedding_provider: "local" }',
    ],
  ])("says what to install for %s", (_setting, packageName, document) => {
    const { stdout } = runScript(`
      import { Astrocyte } from "astrocyte";
      const call = async () => {
        const brain = await Astrocyte.fromConfig(${document});
        await brain.retain("x", { bankId: "b" });
      };
      await call().catch((error) => console.log(error.code, error.message));
    `);
    expect(stdout).toContain("ASTROCYTE_MISSING_PEER");
    expect(stdout).toContain(`npm install ${packageName}`);
  });

  it.each(["astrocyte/adapters/langchain", "astrocyte/conformance", "astrocyte/testing"])(
    "lets %s be imported without its peers",
    (entry) => {
      const { stdout } = runScript(`console.log(Object.keys(await import("${entry}")).length > 0)`);
      expect(stdout).toBe("true\n");
    },
  );

  it.each(["astrocyte/graphs", "astrocyte/graphs/middleware"])(
    "names the peer that %s cannot be without",
    (entry) => {
      const { status, stderr } = runScript(`await import(${JSON.stringify(entry)})`);
      expect(status).toBe(1);
      expect(stderr).toMatch(/Cannot find package '@langchain\/(core|langgraph)'/);
    },
  );
});
