import { ProviderRegistry, systemClock, type ProviderKind } from "astrocyte";
import { describe, expect, it } from "vitest";

const names: readonly [ProviderKind, string][] = [
  ["vector_store", "in_memory"],
  ["document_store", "in_memory"],
  ["graph_store", "in_memory"],
  ["llm_provider", "mock"],
  ["embedding_provider", "mock"],
  ["provider", "in_memory"],
];

describe("a provider that is named in the configuration", () => {
  it.each(names)("%s: %s is made from an empty section", async (kind, name) => {
    const factory = await new ProviderRegistry().resolve(kind, name);
    expect(await factory({}, { clock: systemClock })).toHaveProperty("spiVersion", 1);
  });

  it.each(names)("%s: %s refuses options it does not know", async (kind, name) => {
    const factory = await new ProviderRegistry().resolve(kind, name);
    expect(() => factory({ dsn: "secret://x" }, { clock: systemClock })).toThrow(
      expect.objectContaining({
        code: "ASTROCYTE_CONFIG",
        message: expect.not.stringContaining("secret") as string,
      }),
    );
  });
});
