import { hasLuhnChecksum } from "../luhn.js";
import type { Scanner } from "../scanner.js";
import { colonOrSpace, dashOrSpace, findPattern, space, wordEnd, wordStart } from "./pattern.js";

const gap = `${space}?`;
const phoneGap = `${dashOrSpace}?`;

function scanner(
  type: string,
  label: string,
  source: string,
  isAccepted?: (matched: string) => boolean,
  flags = "g",
): Scanner {
  const pattern = new RegExp(source + wordEnd, flags);
  return {
    type,
    replacement: `[${label}_REDACTED]`,
    find: (view, add) =>
      findPattern(
        view,
        pattern,
        add,
        isAccepted && ((start, end) => isAccepted(view.slice(start, end))),
      ),
  };
}

function bounded(type: string, label: string, source: string): Scanner {
  return scanner(type, label, wordStart + source);
}

function hasChecksum(matched: string): boolean {
  return hasLuhnChecksum(matched.replace(/\D/g, ""));
}

/** What is scanned for in addition, by country code. */
export const countryScanners: Readonly<Record<string, readonly Scanner[]>> = {
  SG: [
    bounded("nric", "NRIC", "[STFGM]\\d{7}[A-Z]"),
    scanner("sg_phone", "PHONE", `\\+65${phoneGap}\\d{4}${phoneGap}\\d{4}`),
  ],
  IN: [
    bounded("aadhaar", "AADHAAR", `[2-9]\\d{3}${gap}\\d{4}${gap}\\d{4}`),
    bounded("pan", "PAN", "[A-Z]{5}\\d{4}[A-Z]"),
    scanner("in_phone", "PHONE", `\\+91${phoneGap}\\d{5}${phoneGap}\\d{5}`),
  ],
  US: [bounded("us_passport", "PASSPORT", "[A-Z]?\\d{8,9}")],
  UK: [
    bounded("uk_nino", "NINO", `[A-Z]{2}${gap}\\d{2}${gap}\\d{2}${gap}\\d{2}${gap}[A-D]`),
    bounded("uk_nhs", "NHS", `\\d{3}${gap}\\d{3}${gap}\\d{4}`),
    scanner("uk_phone", "PHONE", `(?:\\+44${phoneGap}|${wordStart}0)\\d{4}${phoneGap}\\d{6}`),
  ],
  DE: [bounded("de_personalausweis", "DE_ID", "[CFGHJKLMNPRTVWXYZ]\\d[0-9A-Z]{6}\\d")],
  FR: [
    bounded(
      "fr_insee",
      "FR_SSN",
      `[12]${gap}\\d{2}${gap}\\d{2}${gap}\\d{2}${gap}\\d{3}${gap}\\d{3}${gap}\\d{2}`,
    ),
  ],
  IT: [bounded("it_codice_fiscale", "IT_CF", "[A-Z]{6}\\d{2}[A-Z]\\d{2}[A-Z]\\d{3}[A-Z]")],
  ES: [bounded("es_dni", "ES_DNI", "\\d{8}[A-Z]"), bounded("es_nie", "ES_NIE", "[XYZ]\\d{7}[A-Z]")],
  AU: [
    bounded("au_tfn", "TFN", `\\d{3}${gap}\\d{3}${gap}\\d{2,3}`),
    bounded("au_medicare", "MEDICARE", `\\d{4}${gap}\\d{5}${gap}\\d{1,2}`),
    scanner("au_phone", "PHONE", `\\+61${phoneGap}\\d${phoneGap}\\d{4}${phoneGap}\\d{4}`),
  ],
  CA: [scanner("ca_sin", "SIN", `${wordStart}\\d{3}${gap}\\d{3}${gap}\\d{3}`, hasChecksum)],
  JP: [
    scanner(
      "jp_my_number",
      "MY_NUMBER",
      `(?:my${space}number|マイナンバー)${colonOrSpace}+\\d{4}${phoneGap}\\d{4}${phoneGap}\\d{4}`,
      undefined,
      "gi",
    ),
    scanner("jp_phone", "PHONE", `\\+81${phoneGap}\\d{1,4}${phoneGap}\\d{1,4}${phoneGap}\\d{4}`),
  ],
  CN: [
    bounded(
      "cn_resident_id",
      "CN_ID",
      "\\d{6}(?:19|20)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\d{3}[\\dXx]",
    ),
    scanner("cn_phone", "PHONE", `\\+86${phoneGap}1\\d{2}${phoneGap}\\d{4}${phoneGap}\\d{4}`),
  ],
};
