import { readFileSync } from "node:fs";
import type { Astrocyte } from "astrocyte";
import * as z from "zod";
import { print, printHit, progress, timed, type Figures } from "./report.js";

const turnSchema = z.object({
  speaker: z.string(),
  dia_id: z.string(),
  text: z.string(),
  blip_caption: z.string().optional(),
});

const fileSchema = z.array(
  z.object({
    sample_id: z.string(),
    conversation: z.record(z.string(), z.unknown()),
    qa: z.array(z.object({ question: z.string(), evidence: z.array(z.string()).default([]) })),
  }),
);
type Sample = z.infer<typeof fileSchema>[number];

interface Turn {
  readonly diaId: string;
  readonly sessionId: string;
  readonly speaker: string;
  readonly text: string;
  readonly occurredAt: string;
}

const months =
  "january february march april may june july august september october november december".split(
    " ",
  );
const dateForm = /^(\d{1,2}):(\d{2}) (am|pm) on (\d{1,2}) (\w+),? (\d{4})$/i;

function two(value: number | string | undefined): string {
  return String(value).padStart(2, "0");
}

/** `1:56 pm on 8 May, 2023` as ISO 8601 text in UTC. */
function sessionDate(text: string): string {
  const match = dateForm.exec(text.trim());
  const month = months.indexOf(match?.[5]?.toLowerCase() ?? "") + 1;
  if (match === null || month === 0) throw new Error(`LoCoMo session date not understood: ${text}`);
  const [, hour, minute, half, day, , year] = match;
  const hours = (Number(hour) % 12) + (half?.toLowerCase() === "pm" ? 12 : 0);
  return `${year}-${two(month)}-${two(day)}T${two(hours)}:${minute}:00Z`;
}

function turnsOf({ conversation }: Sample): Turn[] {
  const turns: Turn[] = [];
  for (const [key, value] of Object.entries(conversation)) {
    if (!/^session_\d+$/.test(key)) continue;
    const occurredAt = sessionDate(z.string().parse(conversation[`${key}_date_time`]));
    for (const { speaker, dia_id, text, blip_caption } of z.array(turnSchema).parse(value)) {
      const caption = blip_caption === undefined ? "" : ` [shares a picture: ${blip_caption}]`;
      turns.push({
        diaId: dia_id,
        sessionId: key,
        speaker,
        text: `${speaker}: ${text}${caption}`,
        occurredAt,
      });
    }
  }
  return turns;
}

function evidenceOf(evidence: readonly string[]): Set<string> {
  return new Set(evidence.flatMap((text) => text.match(/D\d+:\d+/g) ?? []));
}

function readFile(file: string): Sample[] {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    const { message } = z.instanceof(Error).parse(error);
    const reason = error instanceof z.ZodError ? "its shape is another" : message;
    throw new Error(`${file} cannot be read as a LoCoMo file: ${reason}`, { cause: error });
  }
}

/** One conversation of a LoCoMo file; an error names those that the file has. */
export function loadSample(file: string, conversationId: string): Sample {
  const samples = readFile(file);
  const sample = samples.find(({ sample_id }) => sample_id === conversationId);
  if (sample !== undefined) return sample;
  const known = samples.map(({ sample_id }) => sample_id).join(", ") || "none";
  throw new Error(`No conversation "${conversationId}" in ${file}; it has ${known}`);
}

const batchSize = 64;

async function ingest(brain: Astrocyte, bankId: string, turns: readonly Turn[]): Promise<Figures> {
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
  sample: Sample,
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
