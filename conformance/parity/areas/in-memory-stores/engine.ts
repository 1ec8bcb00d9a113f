import {
  CapabilityNotSupportedError,
  engineCapabilitiesSchema,
  forgetRequestSchema,
  forgetResultSchema,
  fromWire,
  recallRequestSchema,
  recallResultSchema,
  retainRequestSchema,
  retainResultSchema,
  toWire,
} from "astrocyte";
import { createInMemoryEngine, FakeClock } from "astrocyte/testing";
import * as z from "zod";
import { bankSchema, textsOf, type Operations } from "./operations.js";

const dayMs = 86_400_000;

export function engineOperations(): Operations {
  const clock = new FakeClock("2025-01-15T12:00:00Z");
  let created = 0;
  const createId = () => {
    created += 1;
    return `id${created}`;
  };
  const engine = createInMemoryEngine({}, { clock, createId });
  return {
    retain: async ({ request }) =>
      toWire(retainResultSchema, await engine.retain(fromWire(retainRequestSchema, request))),
    recall: async ({ request }) =>
      toWire(recallResultSchema, await engine.recall(fromWire(recallRequestSchema, request))),
    forget: async ({ request }) =>
      toWire(forgetResultSchema, await engine.forget(fromWire(forgetRequestSchema, request))),
    reflect: () => {
      throw new CapabilityNotSupportedError(engine.name, "reflect");
    },
    soft_delete: (operation) =>
      engine.softDelete(textsOf(operation, "memory_ids"), { bankId: bankSchema.parse(operation) }),
    capabilities: () => toWire(engineCapabilitiesSchema, engine.capabilities),
    health: () => engine.health(),
    advance: ({ days }) => {
      clock.advance(z.number().parse(days) * dayMs);
      return null;
    },
  };
}
