import { readFileSync } from "node:fs";
import * as z from "zod";

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
    qa: z.array(
      z.object({
        question: z.string(),
        evidence: z.array(z.string()).default([]),
        category: z.int().optional(),
      }),
    ),
  }),
);
export type LocomoSample = z.infer<typeof fileSchema>[number];

/** One utterance, as it is retained. */
export interface LocomoTurn {
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

/** The utterances of a conversation, in order. */
export function turnsOf({ conversation }: LocomoSample): LocomoTurn[] {
  const turns: LocomoTurn[] = [];
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

/** The ids of the turns that hold the evidence. */
export function evidenceOf(evidence: readonly string[]): Set<string> {
  return new Set(evidence.flatMap((text) => text.match(/D\d+:\d+/g) ?? []));
}

/** The conversations of a file from snap-research/locomo. */
export function readLocomo(file: string): LocomoSample[] {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    const { message } = z.instanceof(Error).parse(error);
    const reason = error instanceof z.ZodError ? "its shape is another" : message;
    throw new Error(`${file} cannot be read as a LoCoMo file: ${reason}`, { cause: error });
  }
}
