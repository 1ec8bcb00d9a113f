export { FakeClock } from "./fake-clock.js";
export { hashedEmbedding, HashedEmbeddings } from "./hashed-embeddings.js";
export { createInMemoryDocumentStore } from "./in-memory-document-store.js";
export { createInMemoryEngine, type InMemoryEngine } from "./in-memory-engine.js";
export { createInMemoryGraphStore } from "./in-memory-graph-store.js";
export { createInMemoryLegalHoldStore } from "./in-memory-legal-hold-store.js";
export { createInMemoryMentalModelStore } from "./in-memory-mental-model-store.js";
export { createInMemoryVectorStore } from "./in-memory-vector-store.js";
export { createMockLLM, type MockLLM } from "./mock-llm.js";
export type { ProviderConfig, TestingContext } from "./provider-options.js";
export {
  createScriptedLLM,
  type ScriptedCall,
  type ScriptedLLM,
  type ScriptedLLMOptions,
  type ScriptedResponse,
} from "./scripted-llm.js";
