import type { Astrocyte } from "astrocyte";
import {
  evidenceOf,
  readLocomo,
  turnsOf,
  type LocomoSample,
  type LocomoTurn,
} from "./locomo-file.js";
import { print, printHit, progress, timed, type Figures } from "./report.js";

/** One conversation of a LoCoMo file; an error names those that the file has. */
export function loadSample(file: string, conversationId: string): LocomoSample {
  const samples = readLocomo(file);
  const sample = samples.find(({ sample_id }) => sample_id === conversationId);
  if (sample !== undefined) return sample;
  const known = samples.map(({ sample_id }) => sample_id).join(", ") || "none";
  throw new Error(`No conversation "${conversationId}" in ${file}; it has ${known}`);
}

const batchSize = 64;

async function ingest(
  brain: Astrocyte,
  bankId: string,
  turns: readonly LocomoTurn[],
): Promise<Figures> {
  let stored = 0;
  let recognised = 0;
  progress("turns", 0, turns.length);
  for (let start = 0; start < turns.length; start += batchSize) {
    const batch = turns.slice(start, start + batchSize);
    const results = await brain.retainMany(
      batch.map(({ diaId, sessionId, speaker, text, occurredAt }) => ({
        content: text,
        occurredAt,
        metadata: { speaker, dia_id: diaId, session_id: sessionId },
        idempotencyKey: diaId,
      })),
      { bankId },
    );
    stored += results.filter((result) => result.stored).length;
    recognised += results.filter(({ deduplicated }) => deduplicated).length;
    progress("turns", Math.min(start + batchSize, turns.length), turns.length);
  }
  return { turns: turns.length, stored, recognised };
}

/** Ingests one conversation, a memory a turn, and asks its first questions that have evidence. */
export async function runLocomo(
  brain: Astrocyte,
  sample: LocomoSample,
  questionCount: number,
): Promise<Figures> {
  const bankId = `locomo-${sample.sample_id}`;
  print(`\nConversation ${sample.sample_id}, into bank ${bankId}`);
  const ingested = await timed("ingest", () => ingest(brain, bankId, turnsOf(sample)));
  print(
    `  ${ingested["turns"]} turns: ${ingested["stored"]} stored, ${ingested["recognised"]} recognised`,
  );

  const questions = sample.qa
    .map(({ question, evidence }) => ({ question, evidence: evidenceOf(evidence) }))
    .filter(({ evidence }) => evidence.size > 0)
    .slice(0, questionCount);
  let found = 0;
  for (const [index, { question, evidence }] of questions.entries()) {
    print(`\nQuestion ${index + 1}: ${question}`);
    const { hits } = await timed("recall", () =>
      brain.recall(question, { bankId, maxResults: 10 }),
    );
    const isEvidence = hits.map(({ metadata }) => evidence.has(String(metadata?.["dia_id"])));
    hits.forEach((hit, rank) => {
      if (rank < 3 || isEvidence[rank]) printHit(hit, rank + 1, isEvidence[rank] ? "*" : " ");
    });
    const rank = isEvidence.indexOf(true);
    print(
      `  evidence ${[...evidence].join(", ")}: ${rank < 0 ? "not among the top 10" : `found at rank ${rank + 1}`}`,
    );
    if (rank >= 0) found += 1;
  }
  print();
  return {
    ...ingested,
    questions: questions.length,
    found,
    "hit@10": (found / Math.max(1, questions.length)).toFixed(2),
  };
}
