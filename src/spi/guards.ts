import { isRecord } from "../dto/is-record.js";
import { ConfigError } from "../errors.js";
import type { DocumentStore } from "./document-store.js";
import type { EngineProvider } from "./engine-provider.js";
import type { GraphStore } from "./graph-store.js";
import type { LegalHoldStore } from "./legal-hold-store.js";
import type { EmbeddingProvider, LLMProvider } from "./llm-provider.js";
import type { MentalModelStore } from "./mental-model-store.js";
import type { VectorStore } from "./vector-store.js";

/** The provider interfaces by name. */
export interface Protocols {
  VectorStore: VectorStore;
  DocumentStore: DocumentStore;
  GraphStore: GraphStore;
  EngineProvider: EngineProvider;
  LLMProvider: LLMProvider;
  EmbeddingProvider: EmbeddingProvider;
  LegalHoldStore: LegalHoldStore;
  MentalModelStore: MentalModelStore;
}

export type ProtocolName = keyof Protocols;

const requiredMethods: Record<ProtocolName, readonly string[]> = {
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

/** Protocols whose implementations declare a `capabilities` record. */
const declaresCapabilities: ReadonlySet<ProtocolName> = new Set([
  "VectorStore",
  "EngineProvider",
  "LLMProvider",
]);

const supportedVersions: readonly number[] = [1];

/** The required methods of a protocol that a value lacks; all of them when it is no object. */
export function missingMethods(value: unknown, protocol: ProtocolName): string[] {
  const required = requiredMethods[protocol];
  return isRecord(value)
    ? required.filter((name) => typeof value[name] !== "function")
    : [...required];
}

/** Whether a value has every required method of a protocol; nothing nominal is asked. */
export function isProvider<Name extends ProtocolName>(
  value: unknown,
  protocol: Name,
): value is Protocols[Name] {
  return missingMethods(value, protocol).length === 0;
}

/** `spiVersion` of the object, or `SPI_VERSION` of it or its class; absent means 1. */
function versionOf(provider: Record<string, unknown>): unknown {
  const { constructor } = provider;
  const ofClass: unknown =
    typeof constructor === "function" && "SPI_VERSION" in constructor
      ? constructor.SPI_VERSION
      : undefined;
  return provider["spiVersion"] ?? provider["SPI_VERSION"] ?? ofClass ?? 1;
}

/**
 * Checks that a value is a provider of a supported SPI version.
 *
 * @param label - How the user named it: `vector_store "mine"`, `providers.llm`.
 * @throws ConfigError that names the missing methods, or the version and the supported ones.
 */
export function assertProvider<Name extends ProtocolName>(
  value: unknown,
  protocol: Name,
  label: string,
): asserts value is Protocols[Name] {
  const missing = missingMethods(value, protocol);
  if (missing.length > 0 || !isRecord(value)) {
    throw new ConfigError(`${label} is not a ${protocol}: it has no method ${missing.join(", ")}`);
  }
  if (declaresCapabilities.has(protocol) && !isRecord(value["capabilities"])) {
    throw new ConfigError(`${label} is not a ${protocol}: it declares no capabilities record`);
  }
  const version = versionOf(value);
  if (typeof version !== "number" || !supportedVersions.includes(version)) {
    throw new ConfigError(
      `${label} implements version ${String(version)} of the ${protocol} SPI; supported: ${supportedVersions.join(", ")}`,
    );
  }
}
