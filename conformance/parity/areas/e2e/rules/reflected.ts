import * as z from "zod";
import { holdsPlainPii } from "../plain-pii.js";
import { settingOf } from "./settings.js";
import type { Rule } from "./rule.js";

const reflectSchema = z.looseObject({ answer: z.string(), sources: z.array(z.string()) });
/** More memories than that are ranked before they are cut. */
const mostSources = 12;

/** The reference ranks the evidence, which is not built here; so the order of sources is not compared. */
export const evidenceOrder: Rule = ({ replayed: { step, before } }, { actual, expected }) => {
  const recorded = reflectSchema.safeParse(expected.result);
  const own = reflectSchema.safeParse(actual.result);
  if (step.op !== "reflect" || !recorded.success || !own.success) return undefined;
  const comparable = ({ sources, ...rest }: z.infer<typeof reflectSchema>) =>
    before.length > mostSources
      ? { sources: sources.length }
      : { ...rest, sources: sources.toSorted() };
  return {
    actual: { ...actual, result: comparable(own.data) },
    expected: { ...expected, result: comparable(recorded.data) },
  };
};

/** Under `reject`, sources with personal data are left out as the answer is. */
export const scannedSources: Rule = (context, { actual, expected }) => {
  const { scenario, replayed } = context;
  const recorded = reflectSchema.safeParse(expected.result);
  if (replayed.step.op !== "reflect" || !recorded.success) return undefined;
  if (settingOf(scenario, "dlp.scan_reflect_output") !== true) return undefined;
  if (settingOf(scenario, "dlp.output_pii_action") !== "reject") return undefined;
  const sources = recorded.data.sources.filter((source) =>
    replayed.before.some(({ label, text }) => label === source && !holdsPlainPii(text)),
  );
  return {
    actual,
    expected: { ...expected, result: { ...recorded.data, sources } },
    reason: "D-49: the sources of an answer are scanned as well",
  };
};
