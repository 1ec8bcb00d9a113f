import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AstrocyteError } from "../../src/errors.js";
import { validateContent } from "../../src/policy/content-validator.js";
import { cosine } from "../../src/internal/vector-math.js";
import { DedupDetector } from "../../src/policy/dedup-detector.js";
import { sanitizeMetadata } from "../../src/policy/metadata-sanitizer.js";
import { QuotaTracker } from "../../src/policy/quota-tracker.js";
import { RateLimiter } from "../../src/policy/rate-limiter.js";
import { RateLimits } from "../../src/policy/rate-limits.js";
import { retainInputError } from "../../src/policy/retain-input.js";
import {
  enforceTokenBudget,
  heuristicTokenCount,
  packToBudget,
  upperBoundTokenCount,
} from "../../src/policy/tokens.js";
import { FakeClock } from "../../src/testing/fake-clock.js";
import { hostileText } from "./hostile-text.js";

const numRuns = 9_000;
const text = fc.string({ unit: "binary", maxLength: 20 });
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, -1, 1, 2 ** 53));
const vector = fc.array(fc.double(), { maxLength: 3 });
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const bank = fc.tuple(text, text);

function throwsOnlyOurs(call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!AstrocyteError.isInstance(error)) throw error;
  }
}

function checked<Arguments>(property: fc.IProperty<Arguments>): () => void {
  return () => fc.assert(property, { numRuns });
}

const entryPoints: readonly (readonly [string, () => void])[] = [
  [
    "RateLimiter",
    checked(
      fc.property(number, number, bank, (maxPerMinute, waitMs, [bankId, operation]) => {
        throwsOnlyOurs(() => {
          const clock = new FakeClock();
          const limiter = new RateLimiter({ maxPerMinute, clock, maxBuckets: 2 });
          limiter.charge(bankId, operation);
          clock.advance(waitMs);
          limiter.giveBack(bankId, operation);
          limiter.peek(operation, bankId);
          limiter.take(bankId, operation);
        });
      }),
    ),
  ],
  [
    "RateLimits",
    checked(
      fc.property(number, number, text, (retainPerMinute, globalPerMinute, bankId) => {
        throwsOnlyOurs(() => {
          const clock = new FakeClock();
          const limits = new RateLimits({ retainPerMinute, globalPerMinute, clock });
          limits.take(bankId, "retain");
          limits.take(bankId, "retain");
        });
      }),
    ),
  ],
  [
    "QuotaTracker",
    checked(
      fc.property(number, number, bank, (limit, nowMs, [bankId, operation]) => {
        throwsOnlyOurs(() => {
          const tracker = new QuotaTracker({ clock: new FakeClock(nowMs), maxKeys: 1 });
          tracker.record(operation, bankId);
          tracker.reserve(bankId, operation, limit).release();
        });
      }),
    ),
  ],
  [
    "DedupDetector",
    checked(
      fc.property(number, number, bank, vector, vector, (threshold, cap, [bankId, id], a, b) => {
        throwsOnlyOurs(() => {
          const detector = new DedupDetector({ similarityThreshold: threshold });
          detector.add(bankId, id, a);
          detector.find(bankId, b);
          detector.remove(bankId, id);
          const capped = new DedupDetector({ maxEntriesPerBank: cap, maxBanks: cap });
          capped.add(bankId, id, a);
        });
      }),
    ),
  ],
  ["cosine", checked(fc.property(vector, vector, (a, b) => throwsOnlyOurs(() => cosine(a, b))))],
  [
    "sanitizeMetadata",
    checked(
      fc.property(
        fc.dictionary(text, scalar, { maxKeys: 5 }),
        fc.array(text, { maxLength: 3 }),
        number,
        fc.boolean(),
        (metadata, blockedKeys, maxSizeBytes, strict) => {
          sanitizeMetadata(metadata, { blockedKeys, maxSizeBytes, strict, quoteKeys: !strict });
        },
      ),
    ),
  ],
  [
    "validateContent",
    checked(
      fc.property(text, text, number, fc.array(text), (content, type, maxContentLength, types) => {
        validateContent(content, type, { maxContentLength, allowedContentTypes: types });
      }),
    ),
  ],
  [
    "retainInputError",
    checked(
      fc.property(text, fc.array(text), number, (content, tags, maxContentBytes) => {
        retainInputError({ content, tags }, { maxContentBytes });
      }),
    ),
  ],
  [
    "heuristicTokenCount",
    checked(
      fc.property(text, (one) => heuristicTokenCount(one) >= 1 && upperBoundTokenCount(one) >= 1),
    ),
  ],
  [
    "enforceTokenBudget",
    checked(
      fc.property(fc.array(text), number, (texts, maxTokens) => {
        const hits = texts.map((one) => ({ text: one }));
        enforceTokenBudget(hits, maxTokens);
      }),
    ),
  ],
  [
    "packToBudget",
    checked(
      fc.property(fc.array(text), number, (texts, maxTokens) => {
        const hits = texts.map((one) => ({ text: one }));
        packToBudget(hits, maxTokens);
      }),
    ),
  ],
];

describe("whatever it is given", () => {
  it.each(entryPoints)("%s throws nothing but an AstrocyteError", (_, check) => {
    check();
  });

  it("would be caught throwing anything else", () => {
    expect(() => throwsOnlyOurs(() => "a".repeat(-1))).toThrow(RangeError);
  });

  it.each(Object.entries({ ...hostileText, NUL: "\0", delimiters: "_", secrets: "token." }))(
    "takes half a million of %s within a second",
    (_, unit) => {
      const long = unit.repeat(Math.floor(500_000 / unit.length));
      const startedAt = performance.now();
      validateContent(long, long);
      retainInputError({ content: long }, { maxContentBytes: 1 });
      sanitizeMetadata({ [long]: long, [`${long}x`]: long }, { strict: true });
      heuristicTokenCount(long);
      expect(performance.now() - startedAt).toBeLessThan(1000);
    },
  );
});
