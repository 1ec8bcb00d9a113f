import { describe, expect, it } from "vitest";
import {
  observationMetadata,
  observationScope,
  readObservation,
} from "../../../src/pipeline/retain/observations/observation.js";
import { planObservations } from "../../../src/pipeline/retain/observations/plan-observations.js";
import { observationsInScope } from "../../../src/pipeline/retain/observations/propose-observations.js";

const now = "2025-02-01T00:00:00+00:00";
const before = "2025-01-01T00:00:00+00:00";
const memory = { bankId: "b", text: "t", memoryIds: ["m2"], tags: ["y", "x"], timestamp: now };
const facts = {
  proofCount: 2,
  confidence: 0.6,
  sourceIds: ["m1"],
  sourceTimestamps: [before],
  scope: "x|y",
  createdAt: before,
  updatedAt: before,
};
const old = {
  id: "o1",
  text: "old",
  score: 0.9,
  metadata: observationMetadata(facts),
  tags: ["x", "y"],
};

function plan(actions: Parameters<typeof planObservations>[0]) {
  let count = 0;
  const createId = () => `new${(count += 1)}`;
  return planObservations(actions, { memory, shown: [old], createId, now });
}

describe("planObservations", () => {
  it("creates with the memory's tags and scope, and drops what is not sure enough", () => {
    const { store, deleteIds } = plan([
      { action: "create", text: "a" },
      { action: "create", text: "b", confidence: 0.49 },
    ]);
    expect(deleteIds).toEqual([]);
    expect(store).toHaveLength(1);
    expect(store[0]).toMatchObject({ id: "new1", text: "a", tags: ["y", "x"] });
    expect(store[0]?.metadata).toMatchObject({
      _obs_proof_count: 1,
      _obs_confidence: "0.7",
      _obs_source_ids: '["m2"]',
      _obs_scope: "x|y",
      _created_at: now,
    });
  });

  it("updates under a new id, with one proof more and the old beginning", () => {
    const { store, deleteIds } = plan([{ action: "update", observationId: "o1", text: "new" }]);
    expect(deleteIds).toEqual(["o1"]);
    expect(readObservation(store[0]?.metadata, { scope: "", now })).toEqual({
      ...facts,
      proofCount: 3,
      sourceIds: ["m1", "m2"],
      sourceTimestamps: [before, now],
      updatedAt: now,
    });
  });

  it("stores an update of an unknown observation and deletes only what was shown, each once", () => {
    const { store, deleteIds } = plan([
      { action: "update", observationId: "made up", text: "u" },
      { action: "delete", observationId: "made up" },
      { action: "delete", observationId: "o1" },
      { action: "update", observationId: "o1", text: "again" },
    ]);
    expect(store.map(({ text }) => text)).toEqual(["u"]);
    expect(deleteIds).toEqual(["o1"]);
  });

  it("keeps a bounded number of sources", () => {
    const many = { ...memory, memoryIds: Array.from({ length: 500 }, (_, index) => `m${index}`) };
    const { store } = planObservations([{ action: "create", text: "a" }], {
      memory: many,
      shown: [],
      createId: () => "id",
      now,
    });
    expect(readObservation(store[0]?.metadata, { scope: "", now }).sourceIds).toHaveLength(100);
  });
});

describe("observation scopes", () => {
  it("keeps memories with other tags apart", () => {
    expect(observationScope("b", undefined)).toBe("bank:b");
    expect(observationScope("b", ["y", "x", "y"])).toBe("x|y");
    expect(observationsInScope([old], memory)).toEqual([old]);
    expect(observationsInScope([old], { ...memory, tags: ["z"] })).toEqual([]);
  });

  it("reads malformed metadata with care", () => {
    const metadata = {
      _obs_proof_count: -3,
      _obs_confidence: "x",
      _obs_source_ids: "[[[",
      _obs_scope: 5,
    };
    expect(readObservation(metadata, { scope: "s", now })).toEqual({
      proofCount: 1,
      confidence: 0.5,
      sourceIds: [],
      sourceTimestamps: [],
      scope: "s",
      createdAt: now,
      updatedAt: now,
    });
  });
});
