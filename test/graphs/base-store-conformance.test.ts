import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Astrocyte } from "astrocyte";
import { baseStoreConformance } from "astrocyte/conformance";
import { AstrocyteStore } from "astrocyte/graphs";
import { HashedEmbeddings } from "astrocyte/testing";
import { fromLangChainEmbeddings } from "astrocyte/adapters/langchain";
import { describe, it } from "vitest";
import { createBrain } from "../astrocyte/brain.js";

baseStoreConformance(
  {
    name: "AstrocyteStore in memory",
    create: () => new AstrocyteStore({ brain: createBrain().brain }),
  },
  { describe, it },
);

const opened = new Map<object, { brain: Astrocyte; folder: string }>();

baseStoreConformance(
  {
    name: "AstrocyteStore in a file",
    create: async () => {
      const folder = mkdtempSync(join(tmpdir(), "astrocyte-base-store-"));
      const brain = await Astrocyte.fromConfig(
        { vector_store: "sqlite", vector_store_config: { path: join(folder, "memory.db") } },
        { providers: { embeddings: fromLangChainEmbeddings(new HashedEmbeddings()) } },
      );
      const store = new AstrocyteStore({ brain });
      opened.set(store, { brain, folder });
      return store;
    },
    destroy: async (store) => {
      const { brain, folder } = opened.get(store) ?? {};
      await brain?.close();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  },
  { describe, it },
);
