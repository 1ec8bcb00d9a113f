import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Metadata } from "../../src/dto/metadata.js";
import { sanitizeMetadata } from "../../src/policy/metadata-sanitizer.js";

const blockedKeys = ["api_key", "password", "token", "secret"];

/** The contract's rule, as a regular expression. */
function isBlocked(key: string): boolean {
  return /(?:^|[_.-])(?:api_key|password|token|secret)(?:$|[_.-])/u.test(key.toLowerCase());
}

const key = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc
    .array(
      fc.constantFrom(...blockedKeys, "Token", "a", "tokens", "_", ".", "-", " ", "api", "key"),
      { maxLength: 4 },
    )
    .map((parts) => parts.join("")),
);
const value = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const metadata: fc.Arbitrary<Metadata> = fc.dictionary(key, value, { maxKeys: 8 });

/** Without what is measured otherwise than the platform prints it, or ordered otherwise than its UTF-8 bytes. */
const plainMetadata = fc.dictionary(
  fc.string({ unit: "binary", maxLength: 8 }).filter((name) => name !== "__proto__"),
  fc.oneof(fc.string({ unit: "binary" }), fc.integer(), fc.boolean(), fc.constant(null)),
  { maxKeys: 8 },
);

function keepsNoSecret(sanitize: (input: Metadata) => Metadata | undefined): void {
  fc.assert(
    fc.property(metadata, (input) => {
      expect(Object.keys(sanitize(input) ?? {}).filter(isBlocked)).toEqual([]);
    }),
    { numRuns: 2000 },
  );
}

function ascii(text: string): string {
  return text.replace(/[^ -~]/g, "\\uXXXX");
}

/** Length of ASCII JSON with spaces, by way of the platform's own. */
function jsonSize(input: Metadata): number {
  const parts = Object.entries(input).map(
    ([name, item]) => `${ascii(JSON.stringify(name))}: ${ascii(JSON.stringify(item))}`,
  );
  return `{${parts.join(", ")}}`.length;
}

describe("POL-16: sanitizeMetadata", () => {
  it("drops keys that name a secret as a segment", () => {
    const input = {
      api_key: 1,
      my_token: 2,
      tokens: 3,
      "user.secret": 4,
      authToken: 5,
      password_hash: 6,
      "my password": 7,
    };
    const { metadata: kept, warnings } = sanitizeMetadata(input);
    expect(Object.keys(kept ?? {})).toEqual(["tokens", "authToken", "my password"]);
    expect(warnings).toEqual([
      "Blocked metadata key: 'api_key'",
      "Blocked metadata key: 'my_token'",
      "Blocked metadata key: 'user.secret'",
      "Blocked metadata key: 'password_hash'",
    ]);
  });

  const spellings = [
    "apiKey",
    "accessToken",
    "userPassword",
    "APIKey",
    "API_KEY",
    "sha1Secret",
    "passwd",
    "db.passwd",
    "authorization",
    "Authorization",
    "private_key",
    "privateKey",
    "credentials",
    "aws credential",
    "access-key",
    "clientSecret",
    "bearer",
    "ａｐｉ＿ｋｅｙ",
    "pass\u200bword",
    "p\u0430ssword",
    "to\u0301ken",
    "api key",
    "api:token",
    "x/token/y",
    "\u24dfassword",
  ];

  it.each(spellings)("strictly, drops %j", (name) => {
    expect(sanitizeMetadata({ [name]: 1, a: 2 }, { strict: true }).metadata).toEqual({ a: 2 });
  });

  it("by the contract, keeps most spellings, and strictly what names no secret", () => {
    const kept = spellings.filter((name) => sanitizeMetadata({ [name]: 1 }).metadata !== undefined);
    expect(kept.length).toBeGreaterThan(spellings.length / 2);
    for (const name of [
      "tokens",
      "tokenizer",
      "author",
      "secretary",
      "keyboard",
      "bearers",
      "a b",
    ]) {
      expect(sanitizeMetadata({ [name]: 1 }, { strict: true }).metadata).toEqual({ [name]: 1 });
    }
  });

  it("strictly, reads a list of one's own in any spelling, and adds nothing to it", () => {
    const options = { strict: true, blockedKeys: ["social_security"] };
    const input = { socialSecurity: 1, "Social Security": 2, passwd: 3 };
    expect(sanitizeMetadata(input, options).metadata).toEqual({ passwd: 3 });
  });

  it.each(["-", "\u200b", "_", "..", "\u0301"])("ends with the name %j of no letter", (name) => {
    const options = { strict: true, blockedKeys: [name] };
    expect(sanitizeMetadata({ [name]: 1, "a b": 2, "": 3 }, options).metadata).toEqual({
      "a b": 2,
      "": 3,
    });
  });

  it("quotes no key when told so", () => {
    const { warnings } = sanitizeMetadata({ "Ann\u2028's_token😀_token": 1 }, { quoteKeys: false });
    expect(warnings).toEqual(["Blocked metadata key of 19 characters: names 'token'"]);
  });

  it("takes the list in any case; an empty one blocks nothing", () => {
    expect(sanitizeMetadata({ ssn: 1, a: 2 }, { blockedKeys: ["SSN"] }).metadata).toEqual({ a: 2 });
    const input = { password: 1 };
    expect(sanitizeMetadata(input, { blockedKeys: [] })).toEqual({ metadata: input, warnings: [] });
    expect(sanitizeMetadata(input, { blockedKeys: [""] }).metadata).toEqual(input);
  });

  it("takes special characters of the list literally", () => {
    expect(
      sanitizeMetadata({ "a.b": 1, axb: 2, "x_a.b": 3 }, { blockedKeys: ["a.b"] }).metadata,
    ).toEqual({ axb: 2 });
  });

  it("keeps no key that names a secret", () => {
    keepsNoSecret((input) => sanitizeMetadata(input).metadata);
    expect(() => {
      keepsNoSecret((input) =>
        Object.fromEntries(Object.entries(input).filter(([name]) => !blockedKeys.includes(name))),
      );
    }).toThrow(/Property failed/);
  });

  it("keeps to the size, drops no key too many, and keeps the order", () => {
    fc.assert(
      fc.property(plainMetadata, fc.nat(120), (input, maxSizeBytes) => {
        const { metadata: kept = {} } = sanitizeMetadata(input, { blockedKeys: [], maxSizeBytes });
        const isKept = (name: string) => Object.hasOwn(kept, name);
        const keys = Object.keys(input);
        const byCodePoint = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        const count = Object.keys(kept).length;
        const fits = (names: readonly string[]) =>
          jsonSize(Object.fromEntries(names.map((name) => [name, input[name] ?? null]))) <=
          maxSizeBytes;
        expect(Object.keys(kept)).toEqual(keys.filter(isKept));
        expect(byCodePoint.map(isKept)).toEqual(keys.map((_, index) => index < count));
        expect(count === 0 || fits(byCodePoint.slice(0, count))).toBe(true);
        expect(count < keys.length && fits(byCodePoint.slice(0, count + 1))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("measures as the contract does", () => {
    expect(sanitizeMetadata({ a: "é😀" }, { maxSizeBytes: 27 }).warnings).toEqual([]);
    expect(sanitizeMetadata({ a: "é😀" }, { maxSizeBytes: 26 })).toEqual({
      warnings: ["Metadata exceeds 26 bytes, truncated"],
    });
    expect(
      sanitizeMetadata({ a: "ééé", b: "x".repeat(10), z: 1 }, { maxSizeBytes: 40 }).metadata,
    ).toEqual({
      a: "ééé",
    });
    expect(sanitizeMetadata({ a: "\u007f" }, { maxSizeBytes: 14 }).warnings).toHaveLength(1);
    expect(sanitizeMetadata({ a: '"\\\n' }, { maxSizeBytes: 15 }).warnings).toEqual([]);
    expect(sanitizeMetadata({ a: '"\\\n' }, { maxSizeBytes: 14 }).warnings).toHaveLength(1);
  });

  it.each([
    [0.00001, "1e-05"],
    [0.0001, "0.0001"],
    [1.5e-7, "1.5e-07"],
    [2.5e-10, "2.5e-10"],
    [-0.5, "-0.5"],
    [1e21, "1e+21"],
    [12, "12"],
    [true, "true"],
    [null, "null"],
  ])("measures %s as %s", (item, text) => {
    const size = `{"a": ${text}}`.length;
    expect(sanitizeMetadata({ a: item }, { maxSizeBytes: size }).warnings).toEqual([]);
    expect(sanitizeMetadata({ a: item }, { maxSizeBytes: size - 1 }).warnings).toHaveLength(1);
  });

  it("drops by code point: what is beyond the BMP goes before U+FFFD", () => {
    const { metadata: kept } = sanitizeMetadata({ "\ufffd": 1, "😀": 2 }, { maxSizeBytes: 13 });
    expect(kept).toEqual({ "\ufffd": 1 });
  });

  it("gives nothing for nothing", () => {
    expect(sanitizeMetadata(undefined)).toEqual({ warnings: [] });
    expect(sanitizeMetadata({})).toEqual({ warnings: [] });
    expect(sanitizeMetadata({ token: "x" }).metadata).toBeUndefined();
  });

  it("leaves prototypes alone", () => {
    const input = JSON.parse('{"__proto__": 1, "constructor": 2}') as Metadata;
    const { metadata: kept } = sanitizeMetadata(input);
    expect(Object.entries(kept ?? {})).toEqual([["constructor", 2]]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
