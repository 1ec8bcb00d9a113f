/**
 * Bank ids that a careless query confuses: prefixes of one another, wildcards of SQL, other case. The framework lets all of
 * them through.
 */
export const similarBankIds: readonly string[] = [
  "acme",
  "acm",
  "acme1",
  "acme_",
  "acmex",
  "acme:a",
  "acme::obs",
  "acme.a",
  "acme-a",
  "acme@a",
  "ACME",
  "constructor",
];

/** Bank ids that the framework never passes on. A provider may refuse them, or must keep them apart. */
export const unlawfulBankIds: readonly string[] = [
  "acme%",
  "%",
  "acme' OR '1'='1",
  'acme"; DROP TABLE memories; --',
  "acme\\",
  "acme/../acme",
  "äcme",
  "__proto__",
];

/** Ids and tags that must be taken literally. The two spellings of é are different texts. */
export const hostileNames: readonly string[] = [
  "a",
  "A",
  "a%",
  "a_",
  "ax",
  "a b",
  "a,b",
  "a'b",
  'a"b',
  'a"]',
  "a\\b",
  "a'; DROP TABLE memories; --",
  "a\nb",
  "caf\u00e9",
  "cafe\u0301",
  "日本語",
  "👩‍👩‍👧",
  "0",
  "00",
  "null",
  "true",
  "__proto__",
  "constructor",
  "toString",
];

/** Texts in which bytes, UTF-16 units, code points and what people see differ. */
export const unicodeTexts: readonly string[] = [
  "Zoë prefers café au lait – naïve, isn’t it?",
  "日本語のテキスト、句読点。",
  "مرحبا بالعالم",
  "emoji 👩‍👩‍👧 🏳️‍🌈 and 𝒎𝒂𝒕𝒉",
  "cafe\u0301 next to caf\u00e9",
  "tab\tnewline\nquote \" ' backslash \\ percent % underscore _",
  "\u00a0non-breaking\u2028line separator",
];
