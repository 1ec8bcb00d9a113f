import { createHash, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { OutputScan } from "../../../src/policy/output-scan.js";
import { PiiBarrier } from "../../../src/policy/pii/pii-barrier.js";
import { PiiDetector } from "../../../src/policy/pii/pii-detector.js";

const prose = new PiiDetector();
const fields = prose.reading("field");
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A repeatable sequence of numbers in [0, 1) (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = createRandom(7);
const digit = (): string => String(Math.floor(random() * 10));
const digits = (count: number): string => Array.from({ length: count }, digit).join("");
const hash = (algorithm: string): string => createHash(algorithm).update(digits(20)).digest("hex");
/** Between the years 2014 and 2033. */
const epochSeconds = (): string => String(Math.floor(1.4e9 + random() * 0.6e9));

const identifiers: Record<string, () => string> = {
  sha1: () => hash("sha1"),
  sha256: () => hash("sha256"),
  md5: () => hash("md5"),
  "upper-case sha1": () => hash("sha1").toUpperCase(),
  "upper-case md5": () => hash("md5").toUpperCase(),
  "short git hash": () => hash("sha1").slice(0, 10),
  uuid: () => randomUUID(),
  "uuid of digits": () => `${digits(8)}-${digits(4)}-${digits(4)}-${digits(4)}-${digits(12)}`,
  "epoch in seconds": epochSeconds,
  "epoch in milliseconds": () => epochSeconds() + digits(3),
  "epoch in microseconds": () => epochSeconds() + digits(6),
  "epoch in nanoseconds": () => epochSeconds() + digits(9),
  "slack timestamp": () => `${epochSeconds()}.${digits(6)}`,
  ulid: () =>
    `01${Array.from({ length: 24 }, () => crockford[Math.floor(random() * 32)]).join("")}`,
  snowflake: () => digits(18).replace(/^0/u, "1"),
  order: () => `ORD-${digits(10)}`,
  "dotted version": () => `${digits(1)}.${digits(3)}.${digits(4)}`,
};

function falseHits(detector: PiiDetector, create: () => string): string[] {
  return Array.from({ length: 400 }, create).filter((text) => detector.detect(text).length > 0);
}

describe("the reading of fields", () => {
  it.each(Object.entries(identifiers))("leaves a %s alone", (_name, create) => {
    expect(falseHits(fields, create)).toEqual([]);
  });

  it("is what keeps them whole: as prose, many of them hold a phone", () => {
    const hits = Object.values(identifiers).flatMap((create) => falseHits(prose, create));
    expect(hits.length).toBeGreaterThan(1000);
  });

  it.each([
    ["555-123-4567", "phone"],
    ["(555) 123-4567", "phone"],
    ["+15551234567", "phone"],
    ["tel. 5551234567", "phone"],
    ["see 555.123.4567.", "phone"],
    ["4111 1111 1111 1111", "credit_card"],
    ["4111111111111111", "credit_card"],
    ["123-45-6789", "ssn"],
    ["GB29 NWBK 6016 1331 9268 19", "iban"],
    ["GB29NWBK60161331926819", "iban"],
    ["joe@example.com", "email"],
    ["10.0.0.1", "ip_address"],
    ["born: 1990-01-02", "date_of_birth"],
    ["５５５-１２３-４５６７", "phone"],
  ])("finds in %s the %s", (text, type) => {
    expect(fields.detect(text).map((match) => match.type)).toEqual([type]);
  });

  it("keeps identifiers of packs of countries whole inside longer ones", () => {
    const withCountries = new PiiDetector({ countries: ["US", "AU", "UK"], reading: "field" });
    expect(withCountries.detect("id-123456789")).toEqual([]);
    expect(withCountries.detect("123456789").length).toBeGreaterThan(0);
  });

  it("is what metadata and tags get, content not", () => {
    const barrier = new PiiBarrier({
      mode: "regex",
      action: "redact",
      detector: prose,
      scanTags: true,
    });
    const slack = "1700000000.123456";
    expect(
      barrier.inspectSync({
        content: "ORD-0012345678",
        metadata: { ts: slack, phone: "5551234567", homePhone: "5551234567", n: "5551234567" },
        tags: ["ORD-0012345678", "555-123-4567"],
      }),
    ).toMatchObject({
      content: "ORD-[PHONE_REDACTED]",
      metadata: {
        ts: slack,
        phone: "[PHONE_REDACTED]",
        homePhone: "[PHONE_REDACTED]",
        n: "5551234567",
      },
      tags: ["ORD-0012345678", "[PHONE_REDACTED]"],
    });
  });

  it("is what the output scan reads metadata by", () => {
    const metadata = { ts: "1700000000.123456" };
    const { result } = new OutputScan({ action: "redact" }).scanRecall({
      hits: [{ text: "a", score: 1, metadata }],
      totalAvailable: 1,
      truncated: false,
      topSemanticScore: 1,
    });
    expect(result.hits[0]?.metadata).toEqual(metadata);
  });
});
