import { describe, expect, it } from "vitest";
import { ConfigError, ProviderUnavailableError } from "../../src/errors.js";
import {
  degradedRecall,
  degradedReflect,
  degradedRetain,
  type DegradedMode,
} from "../../src/policy/degraded-mode.js";

const operations = [degradedRetain, degradedRecall, degradedReflect];

describe.each<DegradedMode>(["empty_recall", "cache"])("POL-20: degraded mode %s", (mode) => {
  it("stores nothing and says so", () => {
    expect(degradedRetain(mode, "p")).toEqual({
      stored: false,
      deduplicated: false,
      curated: false,
      error: "Provider unavailable (degraded mode)",
    });
  });

  it("recalls nothing", () => {
    expect(degradedRecall(mode, "p")).toEqual({
      hits: [],
      totalAvailable: 0,
      truncated: false,
      topSemanticScore: 0,
    });
  });

  it("answers without sources", () => {
    expect(degradedReflect(mode, "p")).toEqual({ answer: "Memory unavailable", sources: [] });
  });
});

it.each(operations)("throws the outage in mode error (%o)", (operation) => {
  const cause = new ProviderUnavailableError("p", "no connection");
  expect(() => operation("error", "p", { cause })).toThrow(
    expect.objectContaining({
      code: "ASTROCYTE_PROVIDER_UNAVAILABLE",
      message: "Provider 'p' unavailable: degraded mode: error",
      cause,
    }),
  );
});

it.each(operations)("does not take an unknown mode for a known one (%o)", (operation) => {
  expect(() => operation("erorr" as DegradedMode, "p")).toThrow(
    new ConfigError('degraded_mode: unknown mode "erorr"; allowed: empty_recall, error, cache'),
  );
});
