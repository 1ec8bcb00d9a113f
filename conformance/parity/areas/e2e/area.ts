import { Corrected, NotMapped, type AreaRunner } from "../../area-runner.js";
import { findDifference } from "../../find-difference.js";
import { compareReplay } from "./compare.js";
import { toRecordedError } from "./recorded-error.js";
import { replay } from "./replay.js";
import {
  blockedAsListed,
  flatMetadataOnly,
  reservedKeys,
  secretsInAnySpelling,
} from "./rules/metadata.js";
import { forgetSelectors } from "./rules/forget-selectors.js";
import { mentalModelRules } from "./rules/mental-models.js";
import { missingBank } from "./rules/missing-bank.js";
import { degradedError } from "./rules/outages.js";
import { modelAsked, modelObeyed } from "./rules/pii-model.js";
import { rejectionReported } from "./rules/pii-reported.js";
import { recallRules } from "./rules/recalled.js";
import { scannedSources } from "./rules/reflected.js";
import { settingOf } from "./rules/settings.js";
import type { Rule } from "./rules/rule.js";
import { recordingSchema, scenarioSchema, type Setup } from "./scenario.js";
import { unmappedSetup } from "./unmapped-setup.js";
import { buildWorld } from "./world.js";

const rules: readonly Rule[] = [
  missingBank,
  rejectionReported,
  modelAsked,
  modelObeyed,
  blockedAsListed,
  flatMetadataOnly,
  reservedKeys,
  secretsInAnySpelling,
  degradedError,
  forgetSelectors,
  ...recallRules,
  ...mentalModelRules,
  scannedSources,
];

async function runRefused(setup: Setup): Promise<Corrected> {
  const outcome = await buildWorld(setup).then(
    () => "built",
    (error: unknown) => toRecordedError(error).class,
  );
  return new Corrected(outcome, "ConfigError", "D-37: mode ner needs an entity recogniser");
}

/** Replays whole scripts through the facade. */
export function createE2eArea(
  area: string,
  createWorld: typeof buildWorld = buildWorld,
): AreaRunner {
  return {
    area,
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
