import { isRecord } from "../../dto/is-record.js";
import { readRecords, readShare, readText, readTexts } from "./reply-values.js";
import { parseFencedJson } from "./tolerant-json.js";

const mostPremises = 3;

/** What a question takes for granted. */
export interface Premise {
  readonly claim: string;
  readonly rationale: string;
}

export interface PremiseVerdict {
  readonly supported: boolean;
  /** In `[0, 1]`; 0 when the reply has none. */
  readonly confidence: number;
  readonly evidenceIds: readonly string[];
  readonly rationale: string;
}

/** The first three premises of a reply, a JSON list of `{ claim, rationale }`; a reply of another form has none. */
export function parsePremises(reply: string): Premise[] {
  return readRecords(parseFencedJson(reply))
    .flatMap(({ claim: given, rationale }) => {
      const claim = readText(given);
      return claim === undefined ? [] : [{ claim, rationale: readText(rationale) ?? "" }];
    })
    .slice(0, mostPremises);
}

/**
 * A reply's judgement of one premise, a JSON object `{ supported, confidence, evidence_ids, rationale }`. It supports the
 * premise only when it says `true` with at least `minConfidence`; an unreadable reply does not.
 */
export function parsePremiseVerdict(reply: string, minConfidence: number): PremiseVerdict {
  const parsed = parseFencedJson(reply);
  const fields = isRecord(parsed) ? parsed : {};
  const confidence = readShare(fields["confidence"]) ?? 0;
  return {
    supported: fields["supported"] === true && confidence >= minConfidence,
    confidence,
    evidenceIds: readTexts(fields["evidence_ids"]),
    rationale: readText(fields["rationale"]) ?? "",
  };
}
