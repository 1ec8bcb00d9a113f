import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AstrocyteError, type AstrocyteErrorCode } from "astrocyte";
import { describe, expect, it } from "vitest";

type ErrorClass = new (...args: unknown[]) => AstrocyteError;

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const { name: packageName, exports } = JSON.parse(read("package.json")) as {
  name: string;
  exports: Record<string, unknown>;
};
const entries = Object.keys(exports)
  .filter((key) => !key.endsWith(".json"))
  .map((key) => key.replace(".", packageName));
const modules = await Promise.all(
  entries.map(async (entry) => (await import(entry)) as Record<string, unknown>),
);

function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === "function" && value.prototype instanceof AstrocyteError;
}

const classes = [...new Set(modules.flatMap((module) => Object.values(module)))].filter(
  isErrorClass,
);

/** Arguments to construct each class with, without the trailing `options`. */
const samples: Readonly<Record<string, readonly unknown[]>> = {
  AccessDeniedError: ["user:a", "bank", "read"],
  AuthorizationError: ["token expired"],
  CapabilityNotSupportedError: ["store", "delete", "use another"],
  ClosedError: ["The brain"],
  ConfigError: ["message"],
  CrossBorderViolationError: ["eu", "us"],
  DimensionMismatchError: ["store", 3, 4],
  EmbeddingsNotSupportedError: ["llm"],
  IdempotencyConflictError: ["bank", "memory"],
  IngestError: ["message"],
  InvalidArgumentError: ["message"],
  LegalHoldActiveError: ["bank", "hold"],
  MipRoutingError: ["message"],
  MissingPeerError: ["some-package", "astrocyte/adapters/some"],
  PartialRetainError: [[], 3],
  PiiRejectedError: [["email"]],
  ProviderUnavailableError: ["store", "breaker open"],
  RateLimitedError: ["bank", "recall", 250],
  StorageError: ["message"],
};

function construct(errorClass: ErrorClass, options?: ErrorOptions): AstrocyteError {
  const args = samples[errorClass.name];
  if (args === undefined) throw new Error(`Add sample arguments for ${errorClass.name}`);
  return new errorClass(...args, ...(options === undefined ? [] : [options]));
}

const page = read("docs/errors.md");
const headings = [...page.matchAll(/^## (ASTROCYTE_\w+)$/gm)].map((match) => match[1] ?? "");
const union = /type AstrocyteErrorCode =([^;]*);/.exec(read("src/errors.ts"))?.[1] ?? "";
const codes = [...union.matchAll(/"(ASTROCYTE_\w+)"/g)].map((match) => match[1] ?? "");

function undocumented(errors: readonly AstrocyteError[]): string[] {
  return errors.filter(({ code }) => !headings.includes(code)).map(({ name }) => name);
}

function sharedCodes(errors: readonly AstrocyteError[]): string[] {
  const all = errors.map(({ code }) => code);
  return all.filter((code, index) => all.indexOf(code) !== index);
}

it("finds the exported error classes and the codes", () => {
  expect(classes.length).toBeGreaterThan(10);
  expect(codes.length).toBeGreaterThan(10);
});

describe.each(classes.map((errorClass) => [errorClass.name, errorClass] as const))(
  "%s",
  (name, errorClass) => {
    it("is a branded Error named after its class", () => {
      const error = construct(errorClass);
      expect(error).toBeInstanceOf(Error);
      expect(AstrocyteError.isInstance(error)).toBe(true);
      expect(error.name).toBe(name);
      expect(name).toMatch(/Error$/);
      expect(error.message).not.toMatch(/undefined|\[object/);
      expect(codes).toContain(error.code);
    });

    it("keeps the cause where the constructor takes one", () => {
      const takesOptions = errorClass.length > (samples[name]?.length ?? 0);
      const cause = new Error("why");
      expect(construct(errorClass, { cause }).cause).toBe(takesOptions ? cause : undefined);
    });
  },
);

it("keeps the cause in every class that wraps a failure", () => {
  const wrapping = classes.filter(({ name, length }) => length > (samples[name]?.length ?? 0));
  expect(wrapping.map(({ name }) => name).toSorted()).toEqual([
    "AuthorizationError",
    "CapabilityNotSupportedError",
    "ConfigError",
    "EmbeddingsNotSupportedError",
    "IngestError",
    "InvalidArgumentError",
    "MipRoutingError",
    "MissingPeerError",
    "PartialRetainError",
    "ProviderUnavailableError",
    "StorageError",
  ]);
});

it("gives every class a code of its own, and every code a class", () => {
  const errors = classes.map((errorClass) => construct(errorClass));
  expect(sharedCodes(errors)).toEqual([]);
  expect(errors.map(({ code }) => code).toSorted()).toEqual(codes.toSorted());
});

it("documents every code once, and nothing else", () => {
  expect(undocumented(classes.map((errorClass) => construct(errorClass)))).toEqual([]);
  expect(headings.toSorted()).toEqual(codes.toSorted());
});

it("catches a class that is not documented or that reuses a code", () => {
  class UndocumentedError extends AstrocyteError {
    constructor(code: string) {
      super(code as AstrocyteErrorCode, "message");
    }
  }
  expect(isErrorClass(UndocumentedError)).toBe(true);
  const fresh = new UndocumentedError("ASTROCYTE_FRESH");
  expect(undocumented([fresh])).toEqual(["UndocumentedError"]);
  const [first] = codes;
  const reused = new UndocumentedError(first ?? "");
  expect(sharedCodes([...classes.map((item) => construct(item)), reused])).toEqual([first]);
});

describe("AstrocyteError.isInstance", () => {
  it("knows errors of a second copy of the library", async () => {
    const secondCopy = "../src/errors.ts?second-copy";
    const { ConfigError } = (await import(secondCopy)) as { ConfigError: ErrorClass };
    const error = new ConfigError("message");
    expect(error).not.toBeInstanceOf(AstrocyteError);
    expect(AstrocyteError.isInstance(error)).toBe(true);
    expect(AstrocyteError.isInstance({ [Symbol.for("astrocyte.error")]: true })).toBe(true);
  });

  it.each([
    null,
    undefined,
    "ASTROCYTE_CONFIG",
    {},
    new Error("other"),
    { code: "ASTROCYTE_CONFIG" },
  ])("refuses %s", (value) => {
    expect(AstrocyteError.isInstance(value)).toBe(false);
  });
});
