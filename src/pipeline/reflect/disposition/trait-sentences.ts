import type { Dispositions } from "../../../dto/dispositions.js";

interface TraitSentences {
  /** For 1 and 2. */
  readonly low: string;
  /** For 4 and 5. */
  readonly high: string;
}

const sentences: Readonly<Record<keyof Dispositions, TraitSentences>> = {
  skepticism: {
    low: "Take what the memories say as true unless they plainly contradict each other.",
    high: "Doubt claims that little supports, and say where the evidence is thin.",
  },
  literalism: {
    low: "Read the memories for what is meant, with context and intent in mind.",
    high: "Read the memories word for word and keep to exactly what they say.",
  },
  empathy: {
    low: "Keep to the facts and leave feelings out of the answer.",
    high: "Mind the people behind the memories and what the events meant to them.",
  },
};

const traits = ["skepticism", "literalism", "empathy"] as const;

/** Which way a trait leans; 3 is neutral and leans nowhere. */
export function traitLeaning(value: number): keyof TraitSentences | undefined {
  if (value >= 4) return "high";
  return value <= 2 ? "low" : undefined;
}

/** What dispositions tell the model, a sentence a trait that is not neutral; nothing for neutral ones. */
export function traitSentences(dispositions: Dispositions | undefined): string[] {
  if (dispositions === undefined) return [];
  return traits.flatMap((trait) => {
    const leaning = traitLeaning(dispositions[trait]);
    return leaning === undefined ? [] : [sentences[trait][leaning]];
  });
}
