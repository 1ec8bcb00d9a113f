import assert from "node:assert/strict";
import { assertProvider, healthStatusSchema, parseShape, type VectorStore } from "astrocyte";
import type { Chapter } from "../suite.js";
import { checkSpiVersion, methodsMatch } from "../declared.js";
import { capabilitiesOf, type VectorStoreTarget } from "./target.js";

const optionalMethods = [
  "getByIds",
  "listRecentVectors",
  "getByChunkIds",
  "clearBank",
  "close",
] as const;

export const declarations: Chapter<VectorStore, VectorStoreTarget> = {
  title: "declarations",
  statements: [
    {
      id: "VS-capabilities",
      text: "the store declares the capabilities and has the methods that the target states",
      check: async (store, target) => {
        const { honouredFilters, ...others } = capabilitiesOf(target);
        const { honouredFilters: declared, ...declaredOthers } = store.capabilities;
        assert.deepEqual(declaredOthers, others);
        assert.deepEqual(declared.toSorted(), honouredFilters.toSorted());
        methodsMatch(store, optionalMethods, target.lacks ?? []);
      },
    },
    {
      id: "VS-1",
      text: "the SPI version is 1, and the version check takes it and no other",
      check: async (store) => {
        assertProvider(store, "VectorStore", "the store");
        checkSpiVersion(store, "VectorStore");
      },
    },
    {
      id: "VS-23",
      text: "health answers with a status",
      check: async (store) => {
        parseShape(healthStatusSchema, await store.health(), "health");
      },
    },
    {
      id: "VS-23-down",
      text: "health does not throw when the backend is down",
      unless: ({ takeDown }) => takeDown === undefined && "the target cannot take its backend down",
      check: async (store, target) => {
        await target.takeDown?.(store);
        const health = parseShape(healthStatusSchema, await store.health(), "health");
        assert.equal(health.healthy, false);
      },
    },
  ],
};
