import { fileURLToPath } from "node:url";
import { ConfigError, providerKinds, ProviderRegistry, systemClock } from "astrocyte";
import { describe, expect, it } from "vitest";

const makeNothing = (): object => ({});
const context = { clock: systemClock };
const fixture = new URL("./fixtures/provider.ts", import.meta.url).href;

describe("names", () => {
  it("are known for every kind, sorted", () => {
    const registry = new ProviderRegistry();
    for (const kind of providerKinds) {
      expect(registry.names(kind)).toEqual(registry.names(kind).toSorted());
      expect(registry.names(kind).length).toBeGreaterThan(0);
    }
    expect(registry.names("vector_store")).toContain("in_memory");
    expect(registry.names("vector_store")).toContain("sqlite");
    expect(registry.names("embedding_provider")).toContain("local");
  });

  it("include the host's own, of that kind and that registry only", () => {
    const registry = new ProviderRegistry();
    const before = registry.names("vector_store");
    registry.register("vector_store", "mine", makeNothing);
    registry.register("vector_store", "in_memory", makeNothing);
    expect(registry.names("vector_store")).toEqual([...before, "mine"].toSorted());
    expect(registry.names("graph_store")).not.toContain("mine");
    expect(new ProviderRegistry().names("vector_store")).toEqual(before);
  });
});

describe("resolve", () => {
  it("gives back what was registered", async () => {
    const registry = new ProviderRegistry().register("llm_provider", "mine", makeNothing);
    await expect(registry.resolve("llm_provider", "mine")).resolves.toBe(makeNothing);
  });

  it("prefers the host's own to a built-in one", async () => {
    const registry = new ProviderRegistry().register("vector_store", "sqlite", makeNothing);
    await expect(registry.resolve("vector_store", "sqlite")).resolves.toBe(makeNothing);
  });

  it.each(["nope", "", "constructor", "toString", "__proto__", "SQLITE", ":in_memory"])(
    "refuses the unknown name %j and lists the known ones",
    async (name) => {
      const registry = new ProviderRegistry().register("vector_store", "mine", makeNothing);
      const run = registry.resolve("vector_store", name);
      await expect(run).rejects.toThrow(ConfigError);
      await expect(run).rejects.toThrow(
        /^vector_store: unknown provider(?: \(did you mean \w+\?\))?; known: in_memory, mine, postgres, sqlite\. /,
      );
      await expect(run).rejects.not.toThrow(`"${name}"`);
      await expect(run).rejects.toThrow("mine");
    },
  );

  it("does not take a name of another kind", async () => {
    const registry = new ProviderRegistry().register("vector_store", "mine", makeNothing);
    await expect(registry.resolve("graph_store", "mine")).rejects.toThrow(
      "graph_store: unknown provider",
    );
  });
});

describe("module:Export", () => {
  const loaded = globalThis as { astrocyteFixtureLoaded?: boolean };

  it("is refused, unloaded, unless the host allowed the module", async () => {
    const module =
      "data:text/javascript,globalThis.astrocyteFixtureLoaded=true;export const make=()=>({})";
    for (const registry of [
      new ProviderRegistry(),
      new ProviderRegistry({ allowedModules: [] }),
      new ProviderRegistry({ allowedModules: ["data:text/javascript,", "*"] }),
    ]) {
      const run = registry.resolve("vector_store", `${module}:make`);
      await expect(run).rejects.toThrow(ConfigError);
      await expect(run).rejects.toThrow("the host did not allow this module");
    }
    expect(loaded.astrocyteFixtureLoaded).toBeUndefined();
  });

  it("allows exactly the named module", async () => {
    const registry = new ProviderRegistry({ allowedModules: ["./providers.js"] });
    for (const name of [
      "./other.js:make",
      "providers.js:make",
      "./providers.js/x:make",
      "node:fs:rm",
    ]) {
      await expect(registry.resolve("vector_store", name)).rejects.toThrow(
        "the host did not allow",
      );
    }
  });

  it("loads an allowed data URL", async () => {
    const module = "data:text/javascript,export const make=(config)=>({config})";
    const registry = new ProviderRegistry({ allowedModules: [module] });
    const factory = await registry.resolve("vector_store", `${module}:make`);
    await expect(Promise.resolve(factory({ a: 1 }, context))).resolves.toEqual({
      config: { a: 1 },
    });
  });

  it("loads an allowed file by URL or path", async () => {
    for (const module of [fixture, fileURLToPath(fixture)]) {
      const registry = new ProviderRegistry({ allowedModules: [module] });
      const factory = await registry.resolve("vector_store", `${module}:createFixture`);
      expect(factory({ value: 7 }, context)).toEqual({ made: 7 });
    }
  });

  it.each(["notAFunction", "absent", "", "default", "constructor"])(
    "refuses the export %j, which is no function",
    async (name) => {
      const registry = new ProviderRegistry({ allowedModules: [fixture] });
      const run = registry.resolve("vector_store", `${fixture}:${name}`);
      await expect(run).rejects.toThrow(ConfigError);
      await expect(run).rejects.toThrow(
        `vector_store: module "${fixture}" exports no function "${name}"`,
      );
    },
  );
});
