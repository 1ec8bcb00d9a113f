import { assertBankId, ConfigError } from "astrocyte";
import { describe, expect, it } from "vitest";

describe("POL-27: assertBankId", () => {
  it.each([
    "a",
    "7",
    "user-1",
    "user_1",
    "team:support",
    "ana@example.com",
    "x::obs",
    "A.b_c:d@e-f",
    "a".repeat(255),
  ])("accepts %j", (bankId) => {
    expect(() => assertBankId(bankId)).not.toThrow();
  });

  it.each([
    "",
    " ",
    "-a",
    "_a",
    ".a",
    ":a",
    "@a",
    "a b",
    "a/b",
    "../etc",
    "a\\b",
    "a\0",
    "a\n",
    "a\r\n",
    "\na",
    "a\nb",
    "é",
    "aé",
    "а",
    "a😀",
    "a%",
    "a*",
    "*",
    "a".repeat(256),
  ])("refuses %j", (bankId) => {
    expect(() => assertBankId(bankId)).toThrow(ConfigError);
  });

  it.each([undefined, null, 1, {}, ["a"]])("refuses %o, which is no string", (bankId) => {
    expect(() => assertBankId(bankId)).toThrow(ConfigError);
    expect(() => assertBankId(bankId)).toThrow("A bank id must be a string");
  });

  it("says the rule, and quotes what fits on one line", () => {
    expect(() => assertBankId("a\n")).toThrow(
      "Invalid bank_id 'a ': must be 1–255 characters, start with alphanumeric, and contain only [a-zA-Z0-9._:@-]",
    );
    expect(() => assertBankId("!".repeat(1000))).not.toThrow("!".repeat(301));
  });
});
