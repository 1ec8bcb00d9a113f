import { Astrocyte, describeConfig, ProviderRegistry, readConfig } from "astrocyte";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { inspect } from "node:util";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "astrocyte-conceal-"));
const key = "hunter2secret";
const environment = { KEY: key, DSN: `postgres://user:${key}@host/db` };
const logger = { warn: () => undefined };

function file(document: string): string {
  const path = join(folder, "astrocyte.yaml");
  writeFileSync(path, document);
  return path;
}

/** What a host might print of an error. */
function dump(error: unknown): string {
  return `${inspect(error, { depth: 9, showHidden: true })} ${String(error)} ${JSON.stringify(error)}`;
}

describe("an error while providers are made", () => {
  it.each([
    ["a file that cannot be opened", "vector_store_config: { path: '/proc/${KEY}.db' }"],
    ["a server that is not there", "vector_store_config: { url: 'libsql://${KEY}' }"],
    [
      "a server whose address is written out",
      `vector_store_config: { url: 'libsql://user:${key}@localhost:1' }`,
    ],
    ["an address of something else", `vector_store_config: { path: 'mysql://u:${key}@host/d' }`],
  ])("quotes nothing secret: %s", async (_name, settings) => {
    const path = file(`vector_store: sqlite\n${settings}`);
    const error: unknown = await Astrocyte.fromConfig(path, { environment, logger }).then(
      async (brain) => {
        const health = await brain.health();
        await brain.close();
        return health;
      },
      (reason: unknown) => reason,
    );
    expect(dump(error)).not.toContain(key);
    expect(dump(error)).not.toContain("healthy: true");
  });

  it.each([
    ["its own", (dsn: string) => new Error(`cannot connect ${dsn}`)],
    ["the password alone", () => new Error(`password ${key.toUpperCase()} is wrong`)],
    [
      "further fields",
      (dsn: string) => Object.assign(new Error("no", { cause: new Error(dsn) }), { address: dsn }),
    ],
  ])("quotes nothing secret where a factory throws %s", async (_name, errorOf) => {
    const registry = new ProviderRegistry();
    registry.register("vector_store", "mine", ({ dsn }) => {
      throw errorOf(String(dsn));
    });
    const path = file("vector_store: mine\nvector_store_config: { dsn: '${DSN}' }");
    const error: unknown = await Astrocyte.fromConfig(path, {
      environment,
      logger,
      registry,
    }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(dump(error).toLowerCase()).not.toContain(key);
  });
});

describe("a dump of the configuration", () => {
  it.each([
    "agents: { a: { allowed_banks: ['${KEY}'] } }",
    "agents: { a: { principal: '${KEY}', banks: [x] } }",
    "mip: '${KEY}'",
    `llm_provider_config: { headers: { X-Custom: '${key}' } }`,
    `llm_provider_config: { extra: 'Bearer ${key}' }`,
    `vector_store_config: { creds: { user: '${key}' } }`,
  ])("shows nothing secret: %s", async (document) => {
    const loaded = await readConfig(file(`vector_store: in_memory\n${document}`), {
      environment,
      logger,
    });
    expect(dump(describeConfig(loaded))).not.toContain(key);
    expect(JSON.stringify(describeConfig(loaded))).toMatch(/\*\*\*|\$\{KEY\}/);
  });
});
