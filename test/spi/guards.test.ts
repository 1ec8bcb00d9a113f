import {
  assertProvider,
  ConfigError,
  isProvider,
  missingMethods,
  type ProtocolName,
} from "astrocyte";
import { describe, expect, it } from "vitest";

const methods: Readonly<Record<ProtocolName, readonly string[]>> = {
  VectorStore: ["storeVectors", "searchSimilar", "delete", "listVectors", "health"],
  DocumentStore: ["storeDocument", "searchFulltext", "getDocument", "health"],
  GraphStore: [
    "storeEntities",
    "storeLinks",
    "storeEntityLink",
    "linkMemoriesToEntities",
    "queryNeighbors",
    "queryEntities",
    "findEntityCandidates",
    "health",
  ],
  EngineProvider: ["retain", "recall", "health"],
  LLMProvider: ["complete", "embed"],
  EmbeddingProvider: ["embed"],
  LegalHoldStore: ["setHold", "releaseHold", "listHolds"],
  MentalModelStore: [
    "upsertModel",
    "getModel",
    "listModels",
    "listRevisions",
    "deleteModel",
    "updateModel",
    "refreshModel",
    "clearModels",
    "health",
  ],
};
const protocols = Object.entries(methods) as [ProtocolName, readonly string[]][];

/** An object with the required methods of a protocol, which do nothing. */
function stub(protocol: ProtocolName, more: object = {}): Record<string, unknown> {
  const entries = methods[protocol].map((name) => [name, () => undefined]);
  return { ...Object.fromEntries(entries), spiVersion: 1, name: "stub", capabilities: {}, ...more };
}

const check = (value: unknown, protocol: ProtocolName) => (): void =>
  assertProvider(value, protocol, 'vector_store "mine"');

describe.each(protocols)("%s", (protocol, required) => {
  it("is what has the required methods", () => {
    expect(missingMethods(stub(protocol), protocol)).toEqual([]);
    expect(isProvider(stub(protocol), protocol)).toBe(true);
    expect(check(stub(protocol), protocol)).not.toThrow();
  });

  it.each(required)("lacks %s when that is absent or no function", (name) => {
    for (const value of [undefined, null, "text", {}]) {
      const provider = stub(protocol, { [name]: value });
      expect(missingMethods(provider, protocol)).toEqual([name]);
      expect(isProvider(provider, protocol)).toBe(false);
      expect(check(provider, protocol)).toThrow(
        `vector_store "mine" is not a ${protocol}: it has no method ${name}`,
      );
    }
  });

  it.each([null, undefined, "text", 3, [], () => undefined])("is not %o", (value) => {
    expect(missingMethods(value, protocol)).toEqual(required);
    expect(isProvider(value, protocol)).toBe(false);
    expect(check(value, protocol)).toThrow(ConfigError);
    expect(check(value, protocol)).toThrow(`it has no method ${required.join(", ")}`);
  });

  it("may inherit its methods from a class", () => {
    const provider: unknown = Object.create(stub(protocol));
    expect(check(provider, protocol)).not.toThrow();
  });
});

describe("capabilities", () => {
  it.each(["VectorStore", "EngineProvider", "LLMProvider"] as const)(
    "are asked of a %s",
    (name) => {
      for (const capabilities of [undefined, null, "all", []]) {
        expect(check(stub(name, { capabilities }), name)).toThrow(
          `vector_store "mine" is not a ${name}: it declares no capabilities record`,
        );
      }
    },
  );

  it.each(["DocumentStore", "GraphStore", "EmbeddingProvider"] as const)(
    "are not asked of a %s",
    (name) => {
      expect(check(stub(name, { capabilities: undefined }), name)).not.toThrow();
    },
  );
});

const refusal = (version: string): string =>
  `vector_store "mine" implements version ${version} of the VectorStore SPI; supported: 1`;

describe("SPI version", () => {
  it.each([
    [2, "2"],
    [0, "0"],
    [1.5, "1.5"],
    [Number.NaN, "NaN"],
    ["1", "1"],
    [{}, "[object Object]"],
  ])("%o is refused with the supported ones", (spiVersion, shown) => {
    const run = check(stub("VectorStore", { spiVersion }), "VectorStore");
    expect(run).toThrow(ConfigError);
    expect(run).toThrow(refusal(shown));
  });

  it("is 1 when absent", () => {
    expect(check(stub("VectorStore", { spiVersion: undefined }), "VectorStore")).not.toThrow();
  });

  it("may be SPI_VERSION of the object or its class", () => {
    class Store {
      static readonly SPI_VERSION: number = 1;
      readonly capabilities = {};
      storeVectors(): void {}
      searchSimilar(): void {}
      delete(): void {}
      listVectors(): void {}
      health(): void {}
    }
    class NextStore extends Store {
      static override readonly SPI_VERSION: number = 2;
    }
    expect(check(new Store(), "VectorStore")).not.toThrow();
    expect(check(new NextStore(), "VectorStore")).toThrow(refusal("2"));
    const ofObject = stub("VectorStore", { spiVersion: undefined, SPI_VERSION: 3 });
    expect(check(ofObject, "VectorStore")).toThrow(refusal("3"));
    const own = Object.assign(new NextStore(), { spiVersion: 1 });
    expect(check(own, "VectorStore")).not.toThrow();
  });

  it("is asked of every protocol", () => {
    for (const [protocol] of protocols) {
      expect(check(stub(protocol, { spiVersion: 2 }), protocol)).toThrow("supported: 1");
    }
  });
});
