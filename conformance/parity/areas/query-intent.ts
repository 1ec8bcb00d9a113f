import { classifyIntent, intentWeights, queryIntents, scoreIntents } from "astrocyte/pipeline";
import * as z from "zod";
import { NotMapped, Projection, type AreaRunner } from "../area-runner.js";

const queryInput = z.object({ query: z.string() });
const weightsInput = z.object({ intent: z.enum([...queryIntents, "unknown"]).nullable() });
const recordedWeights = z.looseObject({ strategy: z.unknown() });

function classify(input: unknown): unknown {
  const { query } = queryInput.parse(input);
  const { intent, confidence, signalCount } = classifyIntent(query);
  const all = scoreIntents(query).map(({ intent: name, score }) => [name, Math.min(1, score)]);
  return { intent, confidence, n_signals: signalCount, all: Object.fromEntries(all) };
}

/** What a question is after, and the strategy weights that follow from it. */
export const queryIntent: AreaRunner = {
  area: "query_intent",
  run: ({ category, input, expected }) => {
    if (category === "classify") return classify(input);
    if (category !== "weights") return new NotMapped(`no counterpart of ${category}`);
    const { intent } = weightsInput.parse(input);
    if (intent === null) {
      return new NotMapped("no intent weighs the channels of section recall, which is left out");
    }
    // The weights of section recall's channels are recorded beside those of the strategies.
    const { strategy } = recordedWeights.parse(expected);
    return new Projection({ strategy: intentWeights(intent) }, { strategy });
  },
};
