import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StatementResult } from "astrocyte/conformance";
import { varies } from "./other-targets.js";
import { summarise } from "./summarise.js";

const root = join(import.meta.dirname, "../../..");

const intro = `# Conformance

\`astrocyte/conformance\` holds suites that run under any test runner. Six check providers against the contract; four check what LangChain
and LangGraph define and leave to each implementation. A statement that does not apply to a target is skipped, and its title says why.

## Your own

Give the suite your runner's \`describe\` and \`it\`, a name, a \`create\` that makes a fresh, empty subject for each test, and your word on
what it does less, or otherwise, than the usual. With vitest:

\`\`\`ts
import { baseStoreConformance } from "astrocyte/conformance";
import { InMemoryStore } from "@langchain/langgraph";
import { describe, it } from "vitest";

baseStoreConformance(
  { name: "mine", create: () => new InMemoryStore(), capabilities: { ranksByQuery: false } },
  { describe, it },
);
\`\`\`

With \`node --test\`:

\`\`\`ts
import { langChainVectorStoreConformance } from "astrocyte/conformance";
import { HashedEmbeddings } from "astrocyte/testing";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { describe, it } from "node:test";

langChainVectorStoreConformance(
  {
    name: "mine",
    create: () => new MemoryVectorStore(new HashedEmbeddings()),
    capabilities: { takesIdsFrom: ["document"], returnsIds: false, replacesById: false, deletesBy: [] },
    skip: { "LVS-8": "documents are kept as they are" },
  },
  { describe, it },
);
\`\`\`

Stores, retrievers and embeddings are told by their shape, so those of any copy of LangChain or LangGraph fit. Embeddings in tests should
make texts alike that share words, as \`HashedEmbeddings\` does. \`baseStoreConformance\` also runs the store inside a compiled graph, with
the LangGraph that is installed; \`langGraph: false\` leaves that out.`;

const marks = { passed: "yes", failed: "no", skipped: "–" } as const;

function cell(text: string | number): string {
  return String(text).replaceAll("|", "\\|").replaceAll("*", "\\*");
}

function table(rows: readonly (readonly (string | number)[])[]): string {
  const [head = []] = rows;
  const lines = [
    head.map(cell),
    head.map(() => "---"),
    ...rows.slice(1).map((row) => row.map(cell)),
  ];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function splitTitle([title = ""]: readonly string[]): { target: string; suite: string } {
  const at = title.lastIndexOf(": ");
  return { target: title.slice(0, at), suite: title.slice(at + 2) };
}

/** The reason in a skipped test's title, and the title without it. */
function splitReason(title: string): { text: string; reason: string | undefined } {
  const match = /^(.*) \(skipped: (.*)\)$/su.exec(title);
  return { text: match?.[1] ?? title, reason: match?.[2] };
}

function markOf(result: StatementResult | undefined): string {
  if (result === undefined) return "";
  const isVarying = splitReason(result.title).reason?.startsWith(varies) ?? false;
  return isVarying ? "varies" : marks[result.status];
}

function reasons(target: string, results: readonly StatementResult[]): string[] {
  const ids = new Map<string, string[]>();
  for (const { id, title } of results) {
    const { reason } = splitReason(title);
    if (reason !== undefined) ids.set(reason, [...(ids.get(reason) ?? []), id]);
  }
  return [...ids].map(([reason, of]) => `- ${target}, ${of.join(", ")}: ${cell(reason)}`);
}

/** What each target makes of each statement of a suite. */
function suiteSection(suite: string, all: readonly StatementResult[]): string {
  const results = all.filter(({ path }) => splitTitle(path).suite === suite);
  const targets = [...new Set(results.map(({ path }) => splitTitle(path).target))];
  const byTarget = targets.map(
    (target) => [target, results.filter(({ path }) => splitTitle(path).target === target)] as const,
  );
  const complete = byTarget.filter(([, of]) => of.length > 1);
  const statements = new Map(results.map(({ id, title }) => [id, splitReason(title).text]));
  const rows = [...statements]
    .filter(([id]) => complete.some(([, of]) => of.some((result) => result.id === id)))
    .map(([id, text]) => [
      id,
      text.slice(id.length + 1),
      ...complete.map(([, of]) => markOf(of.find((result) => result.id === id))),
    ]);
  const notes = byTarget.flatMap(([target, of]) => reasons(target, of));
  return [
    `## ${suite}`,
    table([["id", "statement", ...complete.map(([target]) => target)], ...rows]),
    notes.length > 0 ? `Not run:\n\n${notes.join("\n")}` : "",
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function versionsOf(names: readonly string[]): string {
  return names
    .map((name) => {
      const text = readFileSync(join(root, "node_modules", name, "package.json"), "utf8");
      const { version }: { version: string } = JSON.parse(text);
      return `\`${name}\` ${version}`;
    })
    .join(", ");
}

function isOfLangChain({ path }: StatementResult): boolean {
  return /^Lang(?:Chain|Graph) /.test(splitTitle(path).suite);
}

function format(markdown: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules/oxfmt/bin/oxfmt"), "--stdin-filepath=docs/conformance.md"],
    { cwd: root, input: markdown, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`oxfmt failed: ${stderr}`);
  return stdout;
}

/** `docs/conformance.md` from the results of the suites. It is the same whenever the results are. */
export function conformancePage(
  ours: readonly StatementResult[],
  theirs: readonly StatementResult[],
): string {
  const builtIn = summarise(ours).map(({ target, suite, passed, failed, skipped }) => [
    target,
    suite,
    passed,
    failed,
    skipped,
  ]);
  const shared = [...ours, ...theirs].filter(isOfLangChain);
  const suites = [...new Set(shared.map(({ path }) => splitTitle(path).suite))].toSorted();
  return format(
    [
      intro,
      `## What is built in

\`npm run conformance\` runs all suites on everything in this package. PostgreSQL is PGlite behind a socket.`,
      table([["target", "suite", "passed", "failed", "skipped"], ...builtIn]),
      `## What LangChain and LangGraph define

Ours beside what others wrote for other purposes. LangChain and LangGraph define little of this: a "no" is a difference to know
before you swap one for another, not a defect by their own documents. "varies" holds in one run and not in the next. Versions:
${versionsOf([
  "@langchain/core",
  "@langchain/classic",
  "@langchain/community",
  "@langchain/langgraph",
  "@langchain/langgraph-checkpoint",
  "@langchain/langgraph-checkpoint-postgres",
])}.`,
      ...suites.map((suite) => suiteSection(suite, shared)),
      "",
    ].join("\n\n"),
  );
}
