import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Metadata } from "../src/dto/metadata.js";
import type { Logger } from "../src/logger.js";
import { safeLogger } from "../src/safe-logger.js";

function recorded() {
  const lines: [string, Metadata | undefined][] = [];
  const write = (event: string, data?: Metadata) => void lines.push([event, data]);
  return { lines, logger: { warn: write, info: write } satisfies Logger };
}

const disruptive = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

function broken(): never {
  throw new Error("disk full");
}

function rejecting(): never {
  return Promise.reject(new Error("disk full")) as never;
}

function expectNoForgery(wrap: (logger: Logger) => Logger): void {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (event, value) => {
      const { lines, logger } = recorded();
      wrap(logger).warn(event, { value });
      expect(lines[0]?.[0]).not.toMatch(disruptive);
      expect(String(lines[0]?.[1]?.["value"])).not.toMatch(disruptive);
    }),
    { numRuns: 1000 },
  );
}

describe("POL-25: safeLogger", () => {
  it.each([
    "\n",
    "\r",
    "\u0000",
    "\u001b",
    "\u007f",
    "\u0085",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
  ])("makes a space of %j in events, names and texts", (character) => {
    const { lines, logger } = recorded();
    const safe = safeLogger(logger);
    safe.warn(`a${character}b`, { [`k${character}`]: `x${character}y`, n: 1, ok: true, no: null });
    safe.info?.(`a${character}b`);
    expect(lines).toEqual([
      ["a b", { "k ": "x y", n: 1, ok: true, no: null }],
      ["a b", undefined],
    ]);
  });

  it("cuts what is long, not inside a pair", () => {
    const { lines, logger } = recorded();
    safeLogger(logger).warn("e", { short: "x".repeat(512), long: `${"x".repeat(511)}😀` });
    expect(lines[0]?.[1]).toEqual({ short: "x".repeat(512), long: `${"x".repeat(511)}…` });
  });

  it("survives a logger that throws, one that rejects, and one that hears only warnings", async () => {
    for (const logger of [{ warn: broken, info: broken }, { warn: rejecting }, { warn: broken }]) {
      const safe = safeLogger(logger);
      expect(() => safe.warn("e", { a: "b" })).not.toThrow();
      expect(() => safe.info?.("e", { a: "b" })).not.toThrow();
      await Promise.resolve();
    }
  });

  it("lets no line be forged, where the logger itself would", () => {
    expectNoForgery(safeLogger);
    expect(() => expectNoForgery((logger) => logger)).toThrow(/Property failed/u);
  });
});
