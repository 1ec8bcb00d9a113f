import { metadataSchema, parseShape, retainRequestSchema } from "astrocyte";
import { describe, expect, it } from "vitest";

/** The one problem with `metadata` in a retain request, as a caller reads it. */
function problem(metadata: unknown): string {
  try {
    parseShape(retainRequestSchema, { content: "x", bankId: "b", metadata }, "RetainRequest");
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("metadata", () => {
  it("keeps scalars as they are", () => {
    const metadata = { a: "x", b: 0, c: -1.5, d: true, e: false, f: null, userId: "1", "": "" };
    expect(metadataSchema.parse(metadata)).toStrictEqual(metadata);
  });

  it("is a copy", () => {
    const metadata = { a: 1 };
    const parsed = metadataSchema.parse(metadata);
    expect(parsed).not.toBe(metadata);
    expect(Object.getPrototypeOf(metadataSchema.parse(Object.create(null)))).toBe(Object.prototype);
  });

  it.each([
    [
      { user: { name: "x" } },
      "metadata.user: expected a string, finite number, boolean or null, got object",
    ],
    [
      { list: ["x"] },
      "metadata.list: expected a string, finite number, boolean or null, got array",
    ],
    [{ n: Number.NaN }, "metadata.n: expected a string, finite number, boolean or null, got NaN"],
    [
      { n: Infinity },
      "metadata.n: expected a string, finite number, boolean or null, got Infinity",
    ],
    [
      { n: -Infinity },
      "metadata.n: expected a string, finite number, boolean or null, got -Infinity",
    ],
    [
      { u: undefined },
      "metadata.u: expected a string, finite number, boolean or null, got undefined",
    ],
    [{ f: () => 1 }, "metadata.f: expected a string, finite number, boolean or null, got function"],
    [{ n: 1n }, "metadata.n: expected a string, finite number, boolean or null, got bigint"],
    [
      { d: new Date(0) },
      "metadata.d: expected a string, finite number, boolean or null, got object",
    ],
  ])("refuses %o with path and reason", (metadata, message) => {
    expect(problem(metadata)).toBe(`RetainRequest: ${message}`);
  });

  it("names every problem and shows no value", () => {
    const message = problem({ a: { secret: "hunter2" }, ok: "fine", b: ["hunter2"] });
    expect(message).toContain("metadata.a: ");
    expect(message).toContain("metadata.b: ");
    expect(message).not.toContain("metadata.ok");
    expect(message).not.toContain("hunter2");
  });

  it.each([[[]], [null], ["text"], [3], [new Map([["a", 1]])], [new Date(0)], [new Set(["a"])]])(
    "refuses %o as a whole",
    (value) => {
      expect(problem(value)).toBe(
        "RetainRequest: metadata: expected a map of names to strings, finite numbers, booleans or nulls",
      );
    },
  );

  it("refuses an own key __proto__, whatever it holds", () => {
    for (const value of ['"x"', "1", "null", '{"polluted":true}']) {
      expect(problem(JSON.parse(`{"__proto__":${value}}`))).toBe(
        'RetainRequest: metadata.__proto__: the key "__proto__" is not allowed',
      );
    }
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("does not read inherited keys", () => {
    expect(metadataSchema.parse(Object.create({ inherited: 1 }))).toStrictEqual({});
    expect(metadataSchema.parse({ ["a"]: 1, __proto__: { inherited: 1 } })).toStrictEqual({ a: 1 });
  });

  it("keeps names that are special elsewhere as own keys", () => {
    const names = ["constructor", "prototype", "lc", "toString", "hasOwnProperty", "then"];
    const parsed = metadataSchema.parse(Object.fromEntries(names.map((name) => [name, "x"])));
    expect(Object.keys(parsed)).toEqual(names);
    expect(names.every((name) => Object.hasOwn(parsed, name))).toBe(true);
  });

  it("leaves Object.prototype clean", () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    for (const key of ["__proto__", "constructor", "prototype"]) {
      problem(JSON.parse(`{"${key}":{"polluted":1}}`));
      problem(JSON.parse(`{"${key}":"x"}`));
    }
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect("polluted" in {}).toBe(false);
    expect({}.constructor).toBe(Object);
  });
});
