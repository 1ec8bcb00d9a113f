import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as errors from "../../src/errors.js";
import { isCountedFailure } from "../../src/policy/counted-failure.js";

function withStatus(fields: object): Error {
  return Object.assign(new Error("HTTP"), fields);
}

describe("POL-19: isCountedFailure", () => {
  it.each<[string, unknown]>([
    ["an outage", new errors.ProviderUnavailableError("p")],
    ["a storage error", new errors.StorageError("disk")],
    ["an unknown error", new Error("boom")],
    ["a TypeError of the provider", new TypeError("undefined is not a function")],
    ["a text", "boom"],
    ["nothing", undefined],
    ["a timeout of the provider's own", new DOMException("late", "TimeoutError")],
    ["HTTP 408", withStatus({ status: 408 })],
    ["HTTP 429", withStatus({ statusCode: 429 })],
    ["HTTP 500", withStatus({ response: { status: 500 } })],
    ["a status that is no number", withStatus({ status: "404" })],
    [
      "an error of a later release",
      Object.assign(new errors.StorageError("x"), { code: "ASTROCYTE_NEW" }),
    ],
  ])("counts %s", (_what, error) => {
    expect(isCountedFailure(error)).toBe(true);
  });

  it.each<[string, unknown]>([
    ["a configuration error", new errors.ConfigError("x")],
    ["an unusable argument", new errors.InvalidArgumentError("x")],
    ["a missing capability", new errors.CapabilityNotSupportedError("p", "x")],
    ["missing embeddings", new errors.EmbeddingsNotSupportedError("p")],
    ["a dimension that does not fit", new errors.DimensionMismatchError("s", 3, 2)],
    ["a reused key", new errors.IdempotencyConflictError("b", "m")],
    ["a denial", new errors.AccessDeniedError("user:a", "b", "read")],
    ["a refused proof of identity", new errors.AuthorizationError("x")],
    ["a rate limit of ours", new errors.RateLimitedError("b", "retain")],
    ["personal data", new errors.PiiRejectedError(["email"])],
    ["a legal hold", new errors.LegalHoldActiveError("b", "h")],
    ["a closed store", new errors.ClosedError("store")],
    ["an abort", new DOMException("stop", "AbortError")],
    ["HTTP 400", withStatus({ status: 400 })],
    ["HTTP 404", withStatus({ statusCode: 404 })],
    ["HTTP 422 in a response", withStatus({ response: { status: 422 } })],
  ])("does not count %s", (_what, error) => {
    expect(isCountedFailure(error)).toBe(false);
  });

  it("counts nothing after the caller aborted, whatever the provider threw", () => {
    const signal = AbortSignal.abort(new Error("enough"));
    expect(isCountedFailure(signal.reason, signal)).toBe(false);
    expect(isCountedFailure(new errors.ProviderUnavailableError("p"), signal)).toBe(false);
    expect(isCountedFailure(new Error("boom"), new AbortController().signal)).toBe(true);
  });

  it("answers for any value, also one whose properties throw", () => {
    const hostile = new Proxy(
      {},
      { get: () => expect.fail("read"), has: () => expect.fail("asked") },
    );
    expect(isCountedFailure(hostile)).toBe(true);
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (error) => {
        expect(typeof isCountedFailure(error)).toBe("boolean");
      }),
    );
  });
});
