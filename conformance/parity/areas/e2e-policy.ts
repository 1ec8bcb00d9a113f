import { Corrected, NotMapped, type AreaRunner } from "../area-runner.js";
import { findDifference } from "../find-difference.js";
import { compareReplay } from "./e2e/compare.js";
import { toRecordedError } from "./e2e/recorded-error.js";
import { replay } from "./e2e/replay.js";
import { blockedAsListed, flatMetadataOnly, reservedKeys } from "./e2e/rules/metadata.js";
import { missingBank } from "./e2e/rules/missing-bank.js";
import { degradedError } from "./e2e/rules/outages.js";
import { modelAsked, modelObeyed } from "./e2e/rules/pii-model.js";
import { rejectionReported } from "./e2e/rules/pii-reported.js";
import { rerank, topSemanticScore } from "./e2e/rules/recalled.js";
import { evidenceOrder, scannedSources } from "./e2e/rules/reflected.js";
import { settingOf } from "./e2e/rules/settings.js";
import type { Rule } from "./e2e/rules/rule.js";
import { recordingSchema, scenarioSchema, type Setup } from "./e2e/scenario.js";
import { unmappedSetup } from "./e2e/unmapped-setup.js";
import { buildWorld } from "./e2e/world.js";

const rules: readonly Rule[] = [
  missingBank,
  rejectionReported,
  modelAsked,
  modelObeyed,
  blockedAsListed,
  flatMetadataOnly,
  reservedKeys,
  degradedError,
  topSemanticScore,
  rerank,
  scannedSources,
  evidenceOrder,
];

async function runRefused(setup: Setup): Promise<Corrected> {
  const outcome = await buildWorld(setup).then(
    () => "built",
    (error: unknown) => toRecordedError(error).class,
  );
  return new Corrected(outcome, "ConfigError", "D-37: mode ner needs an entity recogniser");
}

/** Whole scripts through the facade: what stands in front of the stores. */
export function createE2ePolicy(createWorld: typeof buildWorld = buildWorld): AreaRunner {
  return {
    area: "e2e_policy",
    run: async ({ input, expected }) => {
      const parsed = scenarioSchema.safeParse(input);
      if (!parsed.success) return new NotMapped("the setup has parts that are not known here");
      const scenario = parsed.data;
      const unmapped = unmappedSetup(scenario.setup);
      if (unmapped !== undefined) return new NotMapped(unmapped);
      if (settingOf(scenario, "barriers.pii.mode") === "ner") return runRefused(scenario.setup);
      const { steps: recorded } = recordingSchema.parse(expected);
      const replayed = await replay(scenario, recorded, createWorld);
      const compared = compareReplay(scenario, replayed, rules);
      if (replayed.leftOut.length === 0) return compared;
      // What can be replayed must agree all the same.
      return findDifference(compared.actual, compared.expected) === undefined
        ? new NotMapped(`no counterpart yet of: ${[...new Set(replayed.leftOut)].join(", ")}`)
        : compared;
    },
  };
}
