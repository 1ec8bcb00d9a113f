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
import { phoneScanner } from "./scanners/phone.js";
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
}

/** One source of matches; hands over code points of the original text. */
interface Source {
  readonly type: string;
  readonly replacement: string;
  readonly find: (text: string, views: TextViews, add: AddSpan) => void;
}

/** Finds in both readings; what the second gives counts only where a disguise was taken off. */
function findInViews(scanner: Scanner, { plain, unmasked }: TextViews, add: AddSpan): void {
  scanner.find(plain.text, add);
  if (unmasked === undefined) return;
  const { text, origins } = unmasked;
  scanner.find(text, (start, end) => {
    const from = origins[start] ?? start;
    const to = (origins[end - 1] ?? end - 1) + 1;
    if (plain.text.slice(from, to) !== text.slice(start, end)) add(from, to);
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

function countrySources(countries: readonly string[]): Source[] {
  return countries.flatMap((country) => {
    const code = country.toUpperCase();
    const key = code === "GB" ? "UK" : code;
    if (!Object.hasOwn(countryScanners, key)) {
      const known = [...Object.keys(countryScanners), "GB"].toSorted().join(", ");
      throw new ConfigError(`countries: no patterns for "${country}"; known are ${known}`);
    }
    return (countryScanners[key] ?? []).map(scannerSource);
  });
}

function phoneSource({ phoneRegions = [], phoneLibrary }: PiiDetectorOptions): Source {
  if (phoneRegions.length === 0) return scannerSource(phoneScanner);
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
  return scannerSource(regionalPhoneScanner(phoneLibrary, regions));
}

/** Finds personal data of structured types; names and addresses are not among them. One detector serves any number of texts. */
export class PiiDetector {
  /** Every label that a match can have. */
  readonly labels: readonly string[];
  readonly #sources: readonly Source[];

  /** @throws ConfigError for an unknown country or region, and for regions without a library. */
  constructor(options: PiiDetectorOptions = {}) {
    const builtIn: readonly Source[] = [
      scannerSource(emailScanner),
      phoneSource(options),
      ...[ssnScanner, creditCardScanner, ipAddressScanner, dateOfBirthScanner, ibanScanner].map(
        scannerSource,
      ),
      ...countrySources(options.countries ?? []),
    ];
    const sources = new Map(builtIn.map((source) => [source.type, source]));
    for (const pattern of options.customPatterns ?? []) {
      sources.set(pattern.name, customSource(pattern));
    }
    this.#sources = [...sources.values()];
    this.labels = [...new Set(this.#sources.map(({ replacement }) => replacement))];
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
