import * as z from "zod";
import { holdsPlainPii } from "../plain-pii.js";
import { settingOf } from "./settings.js";
import type { Rule } from "./rule.js";

const reflectSchema = z.looseObject({ answer: z.string(), sources: z.array(z.string()) });

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
