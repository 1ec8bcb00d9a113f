import { ConfigError } from "../../errors.js";
import { codePointOffsetsOf, utf16Starts } from "./code-point-offsets.js";
import type { CustomPattern } from "./custom-pattern.js";
import type { PhoneLibrary } from "./phone-library.js";
import type { PiiMatch } from "./pii-match.js";
import type { AddSpan, Scanner, Span } from "./scanner.js";
import { countryScanners } from "./scanners/countries.js";
import { creditCardScanner } from "./scanners/credit-card.js";
import { dateOfBirthScanner } from "./scanners/date-of-birth.js";
import { emailScanner } from "./scanners/email.js";
import { ibanScanner } from "./scanners/iban.js";
import { ipAddressScanner } from "./scanners/ip-address.js";
import { inField } from "./scanners/in-field.js";
import { alonePhoneScanner, phoneScanner } from "./scanners/phone.js";
import { regionalPhoneScanner } from "./scanners/regional-phone.js";
import { ssnScanner } from "./scanners/ssn.js";
import { textViewsOf, type TextViews } from "./text-view.js";

export interface PiiDetectorOptions {
  /**
   * Packs of national identifiers to scan for: AU, CA, CN, DE, ES, FR, GB (or UK), IN, IT, JP, SG, US, in either case. They
   * take many plain numbers for identifiers: `US` takes every 8 or 9 digits for a passport.
   *
   * @defaultValue none
   */
  readonly countries?: readonly string[] | undefined;
  /**
   * ISO 3166-1 alpha-2 codes of the regions whose phone numbers are recognised in their own notation. Without them a phone is
   * what North America writes, or ten digits in a row.
   *
   * @defaultValue none
   */
  readonly phoneRegions?: readonly string[] | undefined;
  /** Numbering plans, from `loadPhoneLibrary()`; needed for `phoneRegions`. */
  readonly phoneLibrary?: PhoneLibrary | undefined;
  /** One with the name of a built-in type takes its place; the others come last. */
  readonly customPatterns?: readonly CustomPattern[] | undefined;
  /**
   * `field` is for metadata and tags, where identifiers are as common as prose: numbers count only when they stand on their
   * own, phones only with separators, a `+` or a word that speaks of one, cards only with a known issuer, accounts only with a
   * right checksum. `prose` is what the contract says of a content.
   *
   * @defaultValue "prose"
   */
  readonly reading?: "prose" | "field" | undefined;
}

/** One source of matches; hands over code points of the original text. */
interface Source {
  readonly type: string;
  readonly replacement: string;
  readonly find: (text: string, views: TextViews, add: AddSpan) => void;
}

/** Finds in both readings; what the second gives counts only where a disguise was taken off, in a match or next to it. */
function findInViews(scanner: Scanner, { plain, unmasked }: TextViews, add: AddSpan): void {
  scanner.find(plain.text, add);
  if (unmasked === undefined) return;
  const { text, origins } = unmasked;
  scanner.find(text, (start, end) => {
    const from = origins[start] ?? start;
    const to = (origins[end - 1] ?? end - 1) + 1;
    const around = plain.text.slice(Math.max(0, from - 1), to + 1);
    if (around !== text.slice(Math.max(0, start - 1), end + 1)) add(from, to);
  });
}

function scannerSource(scanner: Scanner): Source {
  return {
    type: scanner.type,
    replacement: scanner.replacement,
    find: (_text, views, add) => findInViews(scanner, views, add),
  };
}

function customSource(pattern: CustomPattern): Source {
  return {
    type: pattern.name,
    replacement: pattern.replacement,
    find: (text, _views, add) => {
      const offsetOf = codePointOffsetsOf(text);
      for (const { start, end } of pattern.find(text)) add(offsetOf(start), offsetOf(end));
    },
  };
}

function isBefore(left: Span, right: Span): boolean {
  return left.start < right.start || (left.start === right.start && left.end < right.end);
}

function isOrderedFrom(matches: readonly PiiMatch[], from: number): boolean {
  for (let at = from + 1; at < matches.length; at += 1) {
    const [previous, next] = [matches[at - 1], matches[at]];
    if (previous === undefined || next === undefined || !isBefore(previous, next)) return false;
  }
  return true;
}

/** Puts the matches from an index on in order, and keeps each once; most scanners give them so already. */
function orderFrom(matches: PiiMatch[], from: number): void {
  if (isOrderedFrom(matches, from)) return;
  const tail = matches.splice(from).toSorted((a, b) => a.start - b.start || a.end - b.end);
  for (const match of tail) {
    const last = matches.length > from ? matches.at(-1) : undefined;
    if (last === undefined || isBefore(last, match)) matches.push(match);
  }
}

function countryScannersOf(countries: readonly string[]): Scanner[] {
  return countries.flatMap((country) => {
    const code = country.toUpperCase();
    const key = code === "GB" ? "UK" : code;
    if (!Object.hasOwn(countryScanners, key)) {
      const known = [...Object.keys(countryScanners), "GB"].toSorted().join(", ");
      throw new ConfigError(`countries: no patterns for "${country}"; known are ${known}`);
    }
    return countryScanners[key] ?? [];
  });
}

function phoneScannerOf({ phoneRegions = [], phoneLibrary, reading }: PiiDetectorOptions): Scanner {
  const contractScanner = reading === "field" ? alonePhoneScanner : phoneScanner;
  if (phoneRegions.length === 0) return contractScanner;
  if (phoneLibrary === undefined) {
    throw new ConfigError("phoneRegions: needs phoneLibrary, the result of loadPhoneLibrary()");
  }
  const regions = phoneRegions.map((region) => region.toUpperCase());
  for (const region of regions) {
    if (!phoneLibrary.isSupportedRegion(region)) {
      throw new ConfigError(
        `phoneRegions: "${region}" is unknown; give ISO 3166-1 alpha-2 codes such as "US" or "GB"`,
      );
    }
  }
  return regionalPhoneScanner(phoneLibrary, regions, contractScanner);
}

/** Finds personal data of structured types; names and addresses are not among them. One detector serves any number of texts. */
export class PiiDetector {
  /** Every label that a match can have. */
  readonly labels: readonly string[];
  /** Every type that a match can have, in the order in which they are looked for. */
  readonly types: readonly string[];
  readonly #sources: readonly Source[];
  readonly #options: PiiDetectorOptions;

  /** @throws ConfigError for an unknown country or region, and for regions without a library. */
  constructor(options: PiiDetectorOptions = {}) {
    const scanners = [
      phoneScannerOf(options),
      ssnScanner,
      creditCardScanner,
      ipAddressScanner,
      dateOfBirthScanner,
      ibanScanner,
      ...countryScannersOf(options.countries ?? []),
    ];
    const read = options.reading === "field" ? inField : (scanner: Scanner) => scanner;
    const builtIn = [emailScanner, ...scanners.map(read)].map(scannerSource);
    const sources = new Map(builtIn.map((source) => [source.type, source]));
    for (const pattern of options.customPatterns ?? []) {
      sources.set(pattern.name, customSource(pattern));
    }
    this.#options = options;
    this.#sources = [...sources.values()];
    this.types = [...sources.keys()];
    this.labels = [...new Set(this.#sources.map(({ replacement }) => replacement))];
  }

  /** The same detector with another reading. */
  reading(reading: "prose" | "field"): PiiDetector {
    return new PiiDetector({ ...this.#options, reading });
  }

  /**
   * Every match, overlapping ones included: by type in the order email, phone, ssn, credit_card, ip_address, date_of_birth,
   * iban, countries, custom patterns; then by position. Linear in the length of the text.
   *
   * Zero-width characters, full-width and other compatibility forms, typographic dashes and combining marks are seen through;
   * the span covers them. Custom patterns see the text as it is.
   */
  detect(text: string): PiiMatch[] {
    const views = textViewsOf(text);
    const starts = utf16Starts(text);
    const matches: PiiMatch[] = [];
    for (const { type, replacement, find } of this.#sources) {
      const from = matches.length;
      find(text, views, (start, end) => {
        const slice = text.slice(starts?.[start] ?? start, starts?.[end] ?? end);
        matches.push({ type, start, end, text: slice, replacement });
      });
      orderFrom(matches, from);
    }
    return matches;
  }
}
