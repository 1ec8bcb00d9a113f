import { trim } from "../../../internal/whitespace.js";
import { intentSignals } from "./intent-signals.js";
import { queryIntents, type KnownIntent, type QueryIntent } from "./query-intent.js";

/** Below it a query has no clear intent. */
const leastConfidence = 0.4;

export interface IntentScore {
  readonly intent: KnownIntent;
  /** The weights of the signals that fired, added up. */
  readonly score: number;
  readonly signalCount: number;
}

export interface IntentClassification {
  readonly intent: QueryIntent;
  /** In `[0, 1]`; of the best intent, also when that is too weak to be named. */
  readonly confidence: number;
  readonly signalCount: number;
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The intents that a query shows any sign of, the strongest first. */
export function scoreIntents(query: string): IntentScore[] {
  const text = trim(query);
  return queryIntents
    .map((intent) => {
      const fired = intentSignals[intent].filter(({ pattern }) => pattern.test(text));
      return {
        intent,
        score: fired.reduce((sum, { weight }) => sum + weight, 0),
        signalCount: fired.length,
      };
    })
    .filter(({ signalCount }) => signalCount > 0)
    .toSorted(
      (a, b) =>
        b.score - a.score || b.signalCount - a.signalCount || compareNames(b.intent, a.intent),
    );
}

/**
 * Guesses from its wording what an English question is after; `unknown` below a confidence of 0.4, as for every other
 * language. Ties go to more signals, then to the later name.
 */
export function classifyIntent(query: string): IntentClassification {
  const best = scoreIntents(query)[0];
  if (best === undefined) return { intent: "unknown", confidence: 0, signalCount: 0 };
  const confidence = Math.min(1, best.score);
  const intent = confidence < leastConfidence ? "unknown" : best.intent;
  return { intent, confidence, signalCount: best.signalCount };
}
