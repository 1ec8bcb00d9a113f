import { InvalidArgumentError, timestampMs, timestampSchema, toTimestamp } from "astrocyte";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const accepted: readonly (readonly [input: string, canonical: string])[] = [
  ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05+00:00"],
  ["2026-01-02T03:04:05z", "2026-01-02T03:04:05+00:00"],
  ["2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05+00:00"],
  ["2026-01-02T03:04:05-00:00", "2026-01-02T03:04:05+00:00"],
  ["2026-01-02T03:04:05+05:30", "2026-01-01T21:34:05+00:00"],
  ["2026-01-02T03:04:05-0800", "2026-01-02T11:04:05+00:00"],
  ["2026-01-02T03:04:05+01", "2026-01-02T02:04:05+00:00"],
  ["2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00+00:00"],
  ["2026-01-02T03:04:05", "2026-01-02T03:04:05+00:00"],
  ["2026-01-02 03:04:05", "2026-01-02T03:04:05+00:00"],
  ["2026-01-02T03:04", "2026-01-02T03:04:00+00:00"],
  ["2026-01-02", "2026-01-02T00:00:00+00:00"],
  ["  2026-01-02\n", "2026-01-02T00:00:00+00:00"],
  ["2024-02-29", "2024-02-29T00:00:00+00:00"],
  ["0001-01-01", "0001-01-01T00:00:00+00:00"],
  ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999+00:00"],
  ["1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000+00:00"],
];

const fractions: readonly (readonly [fraction: string, canonical: string])[] = [
  ["", ""],
  [".0", ""],
  [".1", ".100000"],
  [".12", ".120000"],
  [".123", ".123000"],
  [".1234", ".123400"],
  [".12345", ".123450"],
  [".123456", ".123456"],
  [".1234567", ".123456"],
  [".12345678", ".123456"],
  [".123456789", ".123456"],
  [",25", ".250000"],
  [".000000", ""],
  [".0000009", ""],
  [".000001", ".000001"],
];

const refused = [
  "",
  "yesterday",
  "2026",
  "2026-1-2",
  "2026-02-30",
  "2026-02-29",
  "2026-13-01",
  "2026-00-10",
  "2026-01-32",
  "2026-01-02T24:00:00",
  "2026-01-02T23:60:00",
  "2026-01-02T23:59:60",
  "2026-01-02T03:04:05+24:00",
  "2026-01-02T03:04:05+01:60",
  "2026-01-02T03:04:05.Z",
  "2026-01-02T03:04:05 UTC",
  "02/01/2026",
  "1767225600000",
  "0000-12-31",
  "10000-01-01",
  "+010000-01-01",
  "-000001-01-01",
  "0001-01-01T00:00:00+00:01",
  "9999-12-31T23:59:59-00:01",
  "２０２６-01-02",
];

describe("toTimestamp", () => {
  it.each(accepted)("reads %j as %s", (input, canonical) => {
    expect(toTimestamp(input)).toBe(canonical);
    expect(timestampSchema.parse(input)).toBe(canonical);
  });

  it.each(fractions)("cuts the fraction %j to microseconds", (fraction, canonical) => {
    expect(toTimestamp(`2026-01-02T03:04:05${fraction}Z`)).toBe(
      `2026-01-02T03:04:05${canonical}+00:00`,
    );
  });

  it.each(refused)("refuses %j", (input) => {
    expect(() => toTimestamp(input, "occurredAt")).toThrow(InvalidArgumentError);
    expect(() => toTimestamp(input, "occurredAt")).toThrow(/^occurredAt: /);
    expect(timestampSchema.safeParse(input).success).toBe(false);
  });

  it("takes a Date and milliseconds", () => {
    expect(toTimestamp(new Date(0))).toBe("1970-01-01T00:00:00+00:00");
    expect(toTimestamp(1)).toBe("1970-01-01T00:00:00.001000+00:00");
    expect(toTimestamp(-1)).toBe("1969-12-31T23:59:59.999000+00:00");
    expect(toTimestamp(1.9)).toBe("1970-01-01T00:00:00.001000+00:00");
    expect(toTimestamp(-62_135_596_800_000)).toBe("0001-01-01T00:00:00+00:00");
    expect(toTimestamp(253_402_300_799_999)).toBe("9999-12-31T23:59:59.999000+00:00");
  });

  it.each([
    new Date(Number.NaN),
    Number.NaN,
    Infinity,
    -Infinity,
    8.64e15 + 1,
    -62_135_596_800_001,
    253_402_300_800_000,
  ])("refuses the instant %s", (value) => {
    expect(() => toTimestamp(value)).toThrow(InvalidArgumentError);
  });

  it("shortens what it quotes", () => {
    expect(() => toTimestamp("x".repeat(5000))).toThrow(
      new InvalidArgumentError(`timestamp: "${"x".repeat(40)}" is not an ISO 8601 date`),
    );
  });
});

/** Microseconds since the epoch within the years that a timestamp can name. */
const microseconds = fc.bigInt({
  min: -62_135_596_800_000_000n,
  max: 253_402_300_799_999_999n,
});

/** A textual spelling of an instant: some offset, the fraction with or without trailing zeros. */
function spell(instant: bigint, offsetHours: number, trim: boolean): string {
  const shifted = instant + BigInt(offsetHours) * 3_600_000_000n;
  const fraction = ((shifted % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((shifted - fraction) / 1000n)).toISOString().slice(0, 19);
  const digits = String(fraction).padStart(6, "0");
  const offset = `${offsetHours < 0 ? "-" : "+"}${String(Math.abs(offsetHours)).padStart(2, "0")}:00`;
  return `${seconds}.${trim ? digits.replace(/0+$/, "").padEnd(1, "0") : digits}${offset}`;
}

describe("canonical timestamps", () => {
  const inYears = microseconds.filter(
    (instant) => instant > -62_135_510_000_000_000n && instant < 253_402_210_000_000_000n,
  );

  it("sort as text exactly as the instants sort", () => {
    fc.assert(
      fc.property(inYears, inYears, (a, b) => {
        const [left, right] = [toTimestamp(spell(a, 0, false)), toTimestamp(spell(b, 0, false))];
        expect(left < right).toBe(a < b);
        expect(left === right).toBe(a === b);
      }),
    );
    fc.assert(
      fc.property(inYears, fc.bigInt({ min: -2n, max: 2n }), (a, step) => {
        const b = a + step;
        const [left, right] = [toTimestamp(spell(a, 0, false)), toTimestamp(spell(b, 0, true))];
        expect(left < right).toBe(a < b);
      }),
    );
  });

  it("do not depend on the spelling, and are read as themselves", () => {
    fc.assert(
      fc.property(
        inYears,
        fc.integer({ min: -14, max: 14 }),
        fc.boolean(),
        (instant, hours, trim) => {
          const canonical = toTimestamp(spell(instant, 0, false));
          expect(toTimestamp(spell(instant, hours, trim))).toBe(canonical);
          expect(toTimestamp(canonical)).toBe(canonical);
          expect(canonical).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{6})?\+00:00$/);
        },
      ),
    );
  });

  it("give back the milliseconds", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(-6e13), max: new Date(2.5e14), noInvalidDate: true }),
        (date) => {
          expect(timestampMs(toTimestamp(date))).toBe(date.getTime());
        },
      ),
    );
    expect(timestampMs(toTimestamp("2026-01-01T00:00:00.123999Z"))).toBe(
      Date.UTC(2026, 0, 1) + 123,
    );
  });
});
