import { writeFileSync } from "node:fs";
import { Astrocyte, type EmbeddingProvider, type PipelineOptions } from "astrocyte";
import { cosine, heuristicTokenCount } from "astrocyte/policy";
import { createInMemoryDocumentStore, createInMemoryVectorStore } from "astrocyte/testing";
import { textTable } from "../../conformance/text-table.js";
import {
  evidenceOf,
  readLocomo,
  turnsOf,
  type LocomoSample,
  type LocomoTurn,
} from "../../examples/quickstart/locomo-file.js";
import { EvalInputError } from "./eval-input-error.js";
import { bm25Ranking, orderOf } from "./locomo/bm25.js";
import { evalEmbeddings } from "./locomo/embeddings.js";
import { meanOf, measure, type Measures } from "./locomo/measures.js";
import { parseOptions } from "./parse-options.js";

const depth = 20;
const categories = ["multi-hop", "temporal", "open-domain", "single-hop", "adversarial"];

interface Question {
  readonly text: string;
  readonly evidence: ReadonlySet<string>;
  readonly category: string;
}

interface Answer extends Question {
  readonly measures: Measures;
  readonly tokens: number;
  readonly milliseconds: number;
}

/** Finds turns for a question: their ids and texts, best first. */
type Search = (
  question: string,
) => Promise<readonly { readonly id: string; readonly text: string }[]>;

function print(text = ""): void {
  process.stdout.write(`${text}\n`);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}\x1b[K`);
}

function questionsOf({ qa }: LocomoSample): Question[] {
  return qa
    .map(({ question, evidence, category = 0 }) => ({
      text: question,
      evidence: evidenceOf(evidence),
      category: categories[category - 1] ?? "other",
    }))
    .filter(({ evidence }) => evidence.size > 0);
}

/** Ours, through the public interface, with the default configuration but for what an ablation changes. */
async function brainSearch(
  turns: readonly LocomoTurn[],
  embeddings: EmbeddingProvider | undefined,
  pipeline: PipelineOptions,
): Promise<Search> {
  const bankId = "locomo";
  const brain = new Astrocyte({
    vectorStore: createInMemoryVectorStore(),
    documentStore: createInMemoryDocumentStore(),
    embeddings,
    pipeline,
    logger: { warn: () => undefined },
  });
  for (const session of new Set(turns.map(({ sessionId }) => sessionId))) {
    await brain.retainMany(
      turns
        .filter(({ sessionId }) => sessionId === session)
        .map(({ diaId, sessionId, text, occurredAt }) => ({
          content: text,
          occurredAt,
          metadata: { dia_id: diaId, session_id: sessionId },
        })),
      { bankId },
    );
  }
  return async (question) => {
    const { hits } = await brain.recall(question, { bankId, maxResults: depth * 2 });
    const best = new Map<string, { id: string; text: string }>();
    for (const { metadata, text } of hits) {
      const id = String(metadata?.["dia_id"]);
      if (!best.has(id)) best.set(id, { id, text });
    }
    return [...best.values()];
  };
}

/** What is left out of the ranking together. */
const ablations: Readonly<Record<string, PipelineOptions["rankingWeights"]>> = {
  "no neighbours": { nearWords: 0, wideWords: 0, meaningBefore: 0, meaningAfter: 0 },
  "no sessions": { sessionWords: 0, sessionMeaning: 0 },
  "no speaker": { speaker: 0 },
  "no asks, answers": { asks: 0, answers: 0 },
  "no length": { length: 0 },
  "no time, number": { time: 0, number: 0 },
};

/** Ours without some of its signs; the weights of the others stay as they are. */
function ablatedSearches(
  turns: readonly LocomoTurn[],
  embeddings: EmbeddingProvider | undefined,
): Record<string, () => Promise<Search>> {
  return Object.fromEntries(
    Object.entries(ablations).map(([name, rankingWeights]) => [
      name,
      () => brainSearch(turns, embeddings, { rankingWeights }),
    ]),
  );
}

function baselines(
  turns: readonly LocomoTurn[],
  embeddings: EmbeddingProvider | undefined,
): Record<string, () => Promise<Search>> {
  const texts = turns.map(({ text }) => text);
  const turnsAt = (places: readonly number[]) =>
    places.slice(0, depth * 2).flatMap((at) => {
      const turn = turns[at];
      return turn === undefined ? [] : [{ id: turn.diaId, text: turn.text }];
    });
  const lexical = async (): Promise<Search> => {
    const rank = bm25Ranking(texts);
    return (question) => Promise.resolve(turnsAt(rank(question)));
  };
  if (embeddings === undefined) return { "plain BM25": lexical };
  const vectors = async (): Promise<Search> => {
    const rows = await embeddings.embed(texts, { inputType: "document" });
    return async (question) => {
      const [query = []] = await embeddings.embed([question], { inputType: "query" });
      return turnsAt(orderOf(rows.map((row) => cosine(query, row))));
    };
  };
  return { "plain BM25": lexical, "plain vectors": vectors };
}

async function ask(search: Search, questions: readonly Question[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const question of questions) {
    const start = performance.now();
    const found = await search(question.text);
    const milliseconds = performance.now() - start;
    answers.push({
      ...question,
      measures: measure(
        found.map(({ id }) => id),
        question.evidence,
      ),
      tokens: found.slice(0, depth).reduce((sum, { text }) => sum + heuristicTokenCount(text), 0),
      milliseconds,
    });
  }
  return answers;
}

const percent = (value: number) => (value * 100).toFixed(1);

function rowOf(name: string, answers: readonly Answer[]): (string | number)[] {
  const { recall5, recall10, recall20, hit20, mrr, ndcg10 } = meanOf(
    answers.map(({ measures }) => measures),
  );
  const mean = (read: (answer: Answer) => number) =>
    answers.reduce((sum, answer) => sum + read(answer), 0) / Math.max(1, answers.length);
  return [
    name,
    answers.length,
    percent(recall5),
    percent(recall10),
    percent(recall20),
    percent(hit20),
    mrr.toFixed(3),
    ndcg10.toFixed(3),
    Math.round(mean(({ tokens }) => tokens)),
    mean(({ milliseconds }) => milliseconds).toFixed(1),
  ];
}

const header = [
  "",
  "questions",
  "recall@5",
  "recall@10",
  "recall@20",
  "hit@20",
  "MRR",
  "nDCG@10",
  "tokens@20",
  "ms",
];

function limitOf(text: string | undefined): number {
  const limit = text === undefined ? Number.POSITIVE_INFINITY : Number(text);
  if (limit >= 1) return limit;
  throw new EvalInputError(`--limit-conversations ${text}: give a number from 1`);
}

/**
 * Which turns of LoCoMo's conversations a recall finds for its questions: one memory a turn, through `retainMany` and `recall`
 * with the default configuration, beside plain BM25, plain vectors, and the reference's ranking in the same run. With
 * `--ablations` also without groups of signs.
 */
export async function runEval(args: readonly string[]): Promise<void> {
  const ablates = args.includes("--ablations");
  const options = parseOptions(
    args.filter((word) => word !== "--ablations"),
    ["json", "embeddings", "limit-conversations"],
  );
  const name = options.embeddings ?? "local";
  const embeddings = await evalEmbeddings(name);
  const samples = readLocomo(options.data).slice(0, limitOf(options["limit-conversations"]));
  const answers = new Map<string, Answer[]>();
  for (const [at, sample] of samples.entries()) {
    const turns = turnsOf(sample);
    const questions = questionsOf(sample);
    const ways: Record<string, () => Promise<Search>> = {
      astrocyte: () => brainSearch(turns, embeddings, {}),
      "reference preset": () => brainSearch(turns, embeddings, { preset: "reference" }),
      ...(ablates ? ablatedSearches(turns, embeddings) : {}),
      ...baselines(turns, embeddings),
    };
    for (const [way, create] of Object.entries(ways)) {
      progress(`conversation ${at + 1} of ${samples.length}: ${way}`);
      const found = await ask(await create(), questions);
      answers.set(way, [...(answers.get(way) ?? []), ...found]);
    }
  }
  progress("");
  await embeddings?.close?.();

  print(`${samples.length} conversations, embeddings: ${name}; one memory a turn\n`);
  print(textTable([header, ...[...answers].map(([way, all]) => rowOf(way, all))]));
  const ours = answers.get("astrocyte") ?? [];
  print("\nastrocyte, by category\n");
  const found = categories.filter((category) => ours.some((one) => one.category === category));
  const byCategory = found.map((category) =>
    rowOf(
      category,
      ours.filter((one) => one.category === category),
    ),
  );
  print(textTable([header, ...byCategory]));
  const { recall20, hit20, mrr } = meanOf(ours.map(({ measures }) => measures));
  if (options.json !== undefined) {
    const figures = Object.fromEntries(
      [...answers].map(([way, all]) => [way, meanOf(all.map(({ measures }) => measures))]),
    );
    writeFileSync(options.json, `${JSON.stringify(figures, undefined, 2)}\n`);
  }
  print(`\nrecall@20=${percent(recall20)} hit@20=${percent(hit20)} mrr=${mrr.toFixed(3)}`);
}
