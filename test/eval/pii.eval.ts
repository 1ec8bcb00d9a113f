import { writeFileSync } from "node:fs";
import { loadPhoneLibrary, PiiDetector } from "astrocyte/policy";
import { textTable } from "../../conformance/text-table.js";
import { parseOptions } from "./parse-options.js";
import { disguises } from "./pii/disguises.js";
import { readProse } from "./pii/prose.js";
import { readRows } from "./pii/rows.js";
import { addScores, emptyScore, scoreRows, type Score } from "./pii/score.js";

/** Where the identities of the set come from. */
const phoneRegions =
  "US CA GB IE AU NZ ZA DE AT CH FR BE NL LU ES PT IT DK NO SE FI IS GL PL CZ SK SI HR HU EE GR CY RU JP CN IN SG BR UY TN".split(
    " ",
  );

function ratio(part: number, whole: number): string {
  return whole === 0 ? "-" : (part / whole).toFixed(3);
}

function scoreTable(scores: ReadonlyMap<string, Score>): string {
  return textTable([
    ["type", "targets", "found", "recall", "hits", "false", "precision"],
    ...[...scores].map(([type, score]) => [
      type,
      score.targets,
      score.found,
      ratio(score.found, score.targets),
      score.hits,
      score.falseHits,
      ratio(score.hits - score.falseHits, score.hits),
    ]),
  ]);
}

function pooled(scores: ReadonlyMap<string, Score>): Score {
  return [...scores.values()].reduce(addScores, emptyScore);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/**
 * Recall and precision of the detector on the rows of presidio-research, by structured type. A target is found when nine tenths
 * of its characters are covered; a hit is false when it touches nothing that the set marks, of whatever type.
 */
export async function runEval(args: readonly string[]): Promise<void> {
  const { data, json, prose } = parseOptions(args, ["json", "prose"]);
  const rows = readRows(data);
  const detector = new PiiDetector({ phoneRegions, phoneLibrary: await loadPhoneLibrary() });
  print(`Detector: no country packs; phone regions ${phoneRegions.join(", ")}.`);
  print("Names and addresses are not detected and not counted.\n");

  const scores = scoreRows(rows, detector);
  print(scoreTable(scores));

  // By template, so that no half has seen the sentences of the other.
  const halves = [0, 1].map((parity) =>
    pooled(
      scoreRows(
        rows.filter(({ template_id: id }) => id % 2 === parity),
        detector,
      ),
    ),
  );
  print("");
  print(
    textTable([
      ["templates", "targets", "recall", "precision"],
      ...halves.map((score, parity) => [
        parity === 0 ? "even" : "odd",
        score.targets,
        ratio(score.found, score.targets),
        ratio(score.hits - score.falseHits, score.hits),
      ]),
    ]),
  );

  const disguised = Object.entries(disguises).map(([name, disguise]) => ({
    name,
    score: pooled(scoreRows(rows, detector, disguise)),
  }));
  print("");
  print(
    textTable([
      ["disguise", "targets", "found", "recall"],
      ...disguised.map(({ name, score }) => [
        name,
        score.targets,
        score.found,
        ratio(score.found, score.targets),
      ]),
    ]),
  );

  const text = readProse(prose);
  const falseHits = [
    { name: "default", found: new PiiDetector().detect(text) },
    { name: "with phone regions", found: detector.detect(text) },
  ].map(({ name, found }) => ({
    name,
    hits: found.length,
    per100kB: (found.length * 1e5) / text.length,
  }));
  print(`\nTechnical prose, ${Math.round(text.length / 1000)} kB:`);
  print(
    textTable([
      ["detector", "hits", "per 100 kB"],
      ...falseHits.map(({ name, hits, per100kB }) => [name, hits, per100kB.toFixed(1)]),
    ]),
  );

  const total = pooled(scores);
  const precision = ratio(total.hits - total.falseHits, total.hits);
  const recall = ratio(total.found, total.targets);
  if (json !== undefined) {
    const report = { precision, recall, types: Object.fromEntries(scores), disguised, falseHits };
    writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  print(`\nprecision=${precision} recall=${recall}`);
}
