import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/errors.js";
import type { CustomPattern } from "../../../src/policy/pii/custom-pattern.js";
import { loadPhoneLibrary } from "../../../src/policy/pii/load-phone-library.js";
import { PiiDetector } from "../../../src/policy/pii/pii-detector.js";

const detector = new PiiDetector();
const everyCountry = "AU CA CN DE ES FR IN IT JP SG UK US".split(" ");

function found(text: string, subject: PiiDetector = detector): [string, string][] {
  return subject.detect(text).map((match) => [match.type, match.text]);
}

/** A custom pattern's search for the first place of a word. */
function findWord(word: string): CustomPattern["find"] {
  return (text) => {
    const start = text.indexOf(word);
    return start < 0 ? [] : [{ start, end: start + word.length }];
  };
}

describe("POL-6: PiiDetector", () => {
  it.each([
    ["mail a.b+c@x-y.co.uk now", "email", "a.b+c@x-y.co.uk"],
    ["joe@example.com-old", "email", "joe@example.com"],
    ["(555) 123-4567", "phone", "(555) 123-4567"],
    ["٥٥٥-١٢٣-٤٥٦٧", "phone", "٥٥٥-١٢٣-٤٥٦٧"],
    ["ssn 123-45-6789.", "ssn", "123-45-6789"],
    ["SSN 123 45 6789", "ssn", "123 45 6789"],
    ["4111-1111 1111-1111", "credit_card", "4111-1111 1111-1111"],
    ["Amex 3782 822463 10005", "credit_card", "3782 822463 10005"],
    ["card 060426070011", "credit_card", "060426070011"],
    ["4000 0000 0000 0000 006", "credit_card", "4000 0000 0000 0000 006"],
    ["my card 879234567896", "credit_card", "879234567896"],
    ["http://127.0.0.1/x", "ip_address", "127.0.0.1"],
    ["at 2001:db8::1.", "ip_address", "2001:db8::1"],
    ["[::ffff:10.0.0.1]", "ip_address", "::ffff:10.0.0.1"],
    ["reborn 1990-05-01", "date_of_birth", "born 1990-05-01"],
    ["DATE OF  BIRTH:\t12/12/2012", "date_of_birth", "DATE OF  BIRTH:\t12/12/2012"],
    ["GB29 NWBK 6016 1331 9268 19", "iban", "GB29 NWBK 6016 1331 9268 19"],
    ["gb42nawi04454264788619", "iban", "gb42nawi04454264788619"],
    ["NO93-8601-1117-947", "iban", "NO93-8601-1117-947"],
  ])("finds in %j the %s %j", (text, type, value) => {
    expect(found(text)).toContainEqual([type, value]);
  });

  it.each([
    "user@localhost",
    "user@@example.com",
    "user@example.c0m",
    "日本a@example.com",
    "_a@example.com",
    "555-1234",
    "555--123-4567",
    "tel:+44 20 7946 0958",
    "x123-45-6789",
    "123-45-67890",
    "ssn 000 45 6789",
    "4111 1111 1111  1111 x",
    "std::vec and a::b and dead::beef",
    "::1 and ::",
    "fc00::/7",
    "999.1.1.1",
    "v1.2.3.4-beta",
    "born on 1990-01-02",
    "2024-05-01 10:30:00",
  ])("finds nothing in %j", (text) => {
    expect(found(text)).toEqual([]);
  });

  it("takes lower-case letters and digits for an account only when they pass the check", () => {
    expect(found("gb43nawi04454264788619").map(([type]) => type)).not.toContain("iban");
  });

  it("takes a number without a known issuer for a card only where the text says so", () => {
    expect(found("ref 879234567896").map(([type]) => type)).not.toContain("credit_card");
  });

  it("gives overlapping matches by type, then by position", () => {
    expect(detector.detect("4111111111111111 a@b.io 10.0.0.1").map(({ type }) => type)).toEqual([
      "email",
      "phone",
      "credit_card",
      "ip_address",
    ]);
  });

  it("counts code points, and gives back the original slice", () => {
    const [match] = detector.detect("🎉🎉 a@b.io");
    expect(match).toEqual({
      type: "email",
      start: 3,
      end: 9,
      text: "a@b.io",
      replacement: "[EMAIL_REDACTED]",
    });
  });

  it.each([
    ["zero-width", "123-\u200b45-\u200d67\u206089", "ssn"],
    ["full width", "ｊｏｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "email"],
    ["mathematical", "𝐣𝐨𝐞@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦", "email"],
    ["circled", "ⓙⓞⓔ@example.com", "email"],
    ["no-break hyphens", "123\u201145\u20116789", "ssn"],
    ["keycaps", "5\ufe0f\u20e355-123-4567", "phone"],
    ["no-break spaces", "4111\u00a01111\u00a01111\u00a01111", "credit_card"],
    ["marks of other blocks", "5\u1ab05\u1dc05-1\ufe2023-4\u0483567", "phone"],
    ["control characters", "4111\u00001111\u00071111\u007f1111", "credit_card"],
    ["controls of C1", "123-\u008045-\u009f6789", "ssn"],
    ["annotations", "123-\ufff945-\ufffa67\ufffb89", "ssn"],
    ["halves of pairs", "123-\ud80045-\udfff6789", "ssn"],
    ["braille blanks", "123-45-\u28006789", "ssn"],
    ["tatweels", "123-\u064045-6789", "ssn"],
    ["brackets in one character", "⑸⑸⑸-⑴⑵⑶-⑷⑸⑹⑺", "phone"],
    ["full stops in one character", "⒌⒌⒌-⒈⒉⒊-⒋⒌⒍⒎", "phone"],
    ["filled circles", "❺❺❺-❶❷❸-❹❺❻❼", "phone"],
    ["other circles", "➄➄➄-➊➋➌-⓸⓹⓺⓻", "phone"],
    ["filled circles and squares of letters", "🅙🅞🅔@🅴xample.com", "email"],
    ["a ligature", "o\ufb03ce@example.com", "email"],
    ["ideographic full stops", "joe@example。com", "email"],
    ["half-width ones", "10｡20｡30｡40", "ip_address"],
    ["soft hyphens", "GB29\u00adNWBK60161331926819", "iban"],
  ])("sees through %s and covers the whole disguise", (_name, value, type) => {
    const matches = detector.detect(`🎉 <${value}> end`).filter((match) => match.type === type);
    expect(matches).toMatchObject([{ start: 3, end: 3 + Array.from(value).length, text: value }]);
  });

  it.each([".", "/", "_", "  ", " - ", " / "])(
    "finds a card between groups parted by %j",
    (gap) => {
      const types = (groups: readonly string[]) =>
        found(`<${groups.join(gap)}>`).filter(([type]) => type === "credit_card");
      expect(types(["4111", "1111", "1111", "1111"])).toHaveLength(1);
      expect(types(["3782", "822463", "10005"])).toHaveLength(1);
      // No such issuer, and a wrong checksum.
      expect(types(["8000", "0000", "0000", "0002"])).toEqual([]);
      expect(types(["4111", "1111", "1111", "1112"])).toEqual([]);
    },
  );

  it("sees the end of a number behind a letter that nobody sees", () => {
    expect(found("ssn 123-45-6789\u0640")).toEqual([["ssn", "123-45-6789"]]);
    expect(found("123-45-6789\u3164")).toEqual([["ssn", "123-45-6789"]]);
  });

  it("does not read a disguise into letters that merely look alike", () => {
    expect(found("a@exämple.com a@b.com™")).toEqual([["email", "a@b.com"]]);
  });
});

describe("POL-11: country packs", () => {
  it.each([
    ["SG", "M7654321K", "nric"],
    ["SG", "+65 9123 4567", "sg_phone"],
    ["IN", "2345 6789 0123", "aadhaar"],
    ["IN", "ABCDE1234F", "pan"],
    ["IN", "+91 98765 43210", "in_phone"],
    ["US", "A12345678", "us_passport"],
    ["UK", "AB 12 34 56 C", "uk_nino"],
    ["gb", "AB123456C", "uk_nino"],
    ["UK", "943 476 5919", "uk_nhs"],
    ["UK", "07911 123456", "uk_phone"],
    ["DE", "T22000129", "de_personalausweis"],
    ["FR", "1 85 05 78 006 084 36", "fr_insee"],
    ["IT", "RSSMRA85T10A562S", "it_codice_fiscale"],
    ["ES", "12345678Z", "es_dni"],
    ["ES", "X1234567L", "es_nie"],
    ["AU", "123 456 782", "au_tfn"],
    ["AU", "21234567011", "au_medicare"],
    ["AU", "+61 4 1234 5678", "au_phone"],
    ["CA", "046 454 286", "ca_sin"],
    ["JP", "マイナンバー: 123456789012", "jp_my_number"],
    ["JP", "+81 90 1234 5678", "jp_phone"],
    ["CN", "11010519491231002X", "cn_resident_id"],
    ["CN", "+86 138 1234 5678", "cn_phone"],
  ])("%s finds %j as %s, and nobody else does", (country, text, type) => {
    expect(found(text, new PiiDetector({ countries: [country] }))).toContainEqual([type, text]);
    expect(found(text).map(([other]) => other)).not.toContain(type);
  });

  it.each([
    ["CA", "046-454-286"],
    ["CA", "046 454 287"],
    ["DE", "l01x00t47"],
    ["US", "1234567"],
    ["SG", "S1234567DX"],
    ["JP", "MyNumber 1234-5678-9012"],
  ])("%s finds nothing in %j", (country, text) => {
    expect(found(text, new PiiDetector({ countries: [country] }))).toEqual([]);
  });

  it.each(["AB 12 34 56 C", "943 476 5919", "07911 123456"])(
    "takes GB and UK for one country, which finds %j",
    (text) => {
      const [gb, uk] = ["GB", "UK"].map((code) =>
        found(text, new PiiDetector({ countries: [code] })),
      );
      expect(gb).toEqual(uk);
      expect(gb).not.toEqual(found(text));
    },
  );

  it("refuses an unknown country and names the known ones", () => {
    expect(() => new PiiDetector({ countries: ["ZZ"] })).toThrow(ConfigError);
    expect(() => new PiiDetector({ countries: ["ZZ"] })).toThrow(/"ZZ"; known are AU, .*GB.*US/);
    expect(() => new PiiDetector({ countries: ["constructor"] })).toThrow(ConfigError);
  });
});

describe("POL-12: custom patterns", () => {
  it("come last, with offsets in code points", () => {
    const subject = new PiiDetector({
      customPatterns: [{ name: "badge", replacement: "[B]", find: findWord("EMP") }],
    });
    expect(subject.detect("🎉 EMP a@b.io")).toMatchObject([
      { type: "email" },
      { type: "badge", start: 2, end: 5, text: "EMP", replacement: "[B]" },
    ]);
  });

  it("take the place of a built-in of the same name", () => {
    const subject = new PiiDetector({
      customPatterns: [{ name: "email", replacement: "[M]", find: findWord("bob") }],
    });
    expect(found("bob@example.com 123-45-6789", subject)).toEqual([
      ["email", "bob"],
      ["ssn", "123-45-6789"],
    ]);
  });
});

describe("phone regions", async () => {
  const phoneLibrary = await loadPhoneLibrary();
  const subject = new PiiDetector({ phoneRegions: ["GB", "fr"], phoneLibrary });

  it.each([
    ["ring +44 20 7946 0958 today", "+44 20 7946 0958"],
    ["office, 020 7946 0958, second floor", "020 7946 0958"],
    ["Can someone call me on 9472 7916?", "9472 7916"],
    ["Phone:\n60-56-85-91\n", "60-56-85-91"],
    ["01.84.17.61.18 (mobile)", "01.84.17.61.18"],
    ["Office: 467 3395", "467 3395"],
    ["Ann\n467 3395\nMain Street", "467 3395"],
    ["at 467 3395 x12", "467 3395 x12"],
    ["at 0044 20 7946 0958", "0044 20 7946 0958"],
    ["tel. (0)20 7946 0958 ext. 12", "(0)20 7946 0958 ext. 12"],
  ])("finds in %j %j", (text, value) => {
    expect(found(text, subject)).toContainEqual(["phone", value]);
  });

  it.each([
    "released 2024-05-01, 1990-2020",
    "call it on 2024-05-01",
    "build 1234567 of 7654321",
    "order 9472 7916 arrived",
    "pi is 3.14159265",
    "src/1234567/phone",
    "limits 120/240/300, versions 2.7.0 / 2017-09-13",
    "between 85 (2605 and 1970",
  ])("finds nothing in %j", (text) => {
    expect(found(text, subject)).toEqual([]);
  });

  it("asks the library a limited number of times, and takes the rest for numbers", () => {
    let lookups = 0;
    const refusing = new PiiDetector({
      phoneRegions: ["GB"],
      phoneLibrary: {
        isSupportedRegion: () => true,
        isValid: () => {
          lookups += 1;
          return false;
        },
      },
    });
    const matches = refusing.detect("+44 20 7946 0958; ".repeat(2500));
    expect(lookups).toBe(2000);
    expect(matches).toHaveLength(500);
  });

  it("refuses regions without a library, and unknown ones", () => {
    expect(() => new PiiDetector({ phoneRegions: ["GB"] })).toThrow(/loadPhoneLibrary/);
    expect(() => new PiiDetector({ phoneRegions: ["ZZ"], phoneLibrary })).toThrow(/"ZZ"/);
  });
});

describe("any text", async () => {
  const subject = new PiiDetector({
    countries: everyCountry,
    phoneRegions: ["US", "GB", "DE"],
    phoneLibrary: await loadPhoneLibrary(),
  });
  const alphabet = fc.constantFrom(
    ...Array.from("0123456789aAbB@.:-+() /_\u200b１é日🎉\ud83d\u0301\u00a0"),
    "born ",
    "GB29",
    "::",
    "card ",
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.string({ unit: alphabet, maxLength: 30 }),
  );

  function check(text: string): void {
    const characters = Array.from(text);
    for (const match of subject.detect(text)) {
      expect(match.start).toBeLessThan(match.end);
      expect(characters.slice(match.start, match.end).join("")).toBe(match.text);
    }
  }

  it.each([1, 2, 3, 4])("has matches that are slices of it (seed %i)", (seed) => {
    fc.assert(fc.property(texts, check), { numRuns: 25_000, seed });
  });
});
