import { Astrocyte } from "../astrocyte.js";
import { systemClock } from "../clock.js";
import { buildProviders, closeAll, type Providers } from "../config/build-providers.js";
import { concealSecrets } from "../config/conceal-secrets.js";
import { readConfig, type LoadedConfig } from "../config/read-config.js";
import { EmbeddingsNotSupportedError } from "../errors.js";
import { ProviderRegistry } from "../spi/registry.js";
import type { CallOptions } from "../spi/call-options.js";
import type { Finding } from "./check-environment.js";
import { printWarnings, silentLogger } from "./print-warnings.js";
import type { Terminal } from "./terminal.js";

export interface CheckProvidersOptions {
  /** Whether the model is asked something, which may cost. */
  readonly ask: boolean;
  /** How long one provider may take to answer. */
  readonly timeoutMs: number;
  readonly terminal: Terminal;
  /** Hears of each finding as it is made. */
  readonly onFinding: (finding: Finding) => void;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Also where a provider does not listen to the signal. */
async function within<Result>(
  timeoutMs: number,
  run: (options: Required<CallOptions>) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const { signal } = controller;
  const reason = new Error(`no answer within ${timeoutMs} ms`);
  const timer = setTimeout(() => controller.abort(reason), timeoutMs);
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(reason), { once: true });
  });
  try {
    return await Promise.race([run({ signal }), late]);
  } finally {
    clearTimeout(timer);
  }
}

interface Health {
  readonly healthy: boolean;
  readonly message?: string | undefined;
}

interface Askable {
  readonly name: string;
  health(options: CallOptions): Promise<Health>;
}

type Check = (options: Required<CallOptions>) => Promise<Omit<Finding, "subject">>;

const checkHealth =
  (provider: Askable): Check =>
  async (options) => {
    const { healthy, message = "" } = await provider.health(options);
    const detail = message === "" ? provider.name : `${provider.name}: ${message}`;
    return { status: healthy ? "ok" : "failed", detail };
  };

async function embedOne(
  { embeddings, llm }: Providers,
  options: CallOptions,
): Promise<number[] | undefined> {
  try {
    const [vector] = (await (embeddings ?? llm)?.embed(["astrocyte doctor"], options)) ?? [];
    return vector;
  } catch (error) {
    if (error instanceof EmbeddingsNotSupportedError) return undefined;
    throw error;
  }
}

/** A store refuses vectors of another length, also in a search of a bank that is not there. */
const checkEmbeddings =
  (providers: Providers): Check =>
  async (options) => {
    const vector = await embedOne(providers, options);
    if (vector === undefined) return { status: "absent", detail: "recall works by text only" };
    const { vectorStore } = providers;
    await vectorStore?.searchSimilar(vector, { bankId: "astrocyte-doctor", limit: 1, ...options });
    const store = vectorStore === undefined ? "" : ", which the store takes";
    return { status: "ok", detail: `${vector.length} dimensions${store}` };
  };

const checkModel =
  ({ llm }: Providers, isAsked: boolean): Check =>
  async (options) => {
    if (llm === undefined) return { status: "absent", detail: "reflect has no model" };
    const able = Object.entries(llm.capabilities).flatMap(([name, value]) =>
      value === true
        ? [
            name
              .replace(/^supports/, "")
              .replace(/(?!^)[A-Z]/g, " $&")
              .toLowerCase(),
          ]
        : [],
    );
    const detail = [llm.name, ...able].join(", ");
    if (!isAsked) return { status: "ok", detail: `${detail}; not asked (--ask does)` };
    const { model } = await llm.complete([{ role: "user", content: "Say OK." }], {
      maxTokens: 16,
      ...options,
    });
    return { status: "ok", detail: `${detail}; ${model} answers` };
  };

/** Everything that is made of the configuration: the policies, and the packages they need. */
const checkBrain =
  (file: string): Check =>
  async () => {
    const brain = await Astrocyte.fromConfig(file, { logger: silentLogger });
    await brain.close();
    return { status: "ok", detail: "all that are configured can be made" };
  };

/** What to ask, once each: a store may play several roles. */
function checksOf(providers: Providers, isAsked: boolean): (readonly [string, Check])[] {
  const { engine, vectorStore, documentStore, graphStore, mentalModelStore } = providers;
  const stores: (readonly [string, Askable | undefined])[] = [
    ["engine", engine],
    ["vector store", vectorStore],
    ["document store", documentStore],
    ["graph store", graphStore],
    ["mental model store", mentalModelStore],
  ];
  const seen = new Set<Askable>();
  const checks: (readonly [string, Check])[] = [];
  for (const [subject, store] of stores) {
    if (store === undefined || seen.has(store)) continue;
    seen.add(store);
    checks.push([subject, checkHealth(store)]);
  }
  return [
    ...checks,
    ["embeddings", checkEmbeddings(providers)],
    ["model", checkModel(providers, isAsked)],
  ];
}

/**
 * Makes what a configuration names and asks it whether it works. A store that keeps a file makes it; an embedding provider
 * embeds one text. Whatever is asked is named on standard error while it is waited for.
 */
export async function checkProviders(
  file: string,
  { ask, timeoutMs, terminal, onFinding }: CheckProvidersOptions,
): Promise<void> {
  let loaded: LoadedConfig | undefined;
  const report = ({ detail, ...finding }: Finding): void =>
    onFinding({
      ...finding,
      // A provider may tell where it is, with what came from the environment.
      detail: loaded === undefined ? detail : concealSecrets(detail, loaded),
    });
  const attempt = async (subject: string, check: Check): Promise<void> => {
    terminal.writeError(`asking: ${subject}\n`);
    try {
      report({ subject, ...(await within(timeoutMs, check)) });
    } catch (error) {
      report({ subject, status: "failed", detail: messageOf(error) });
    }
  };
  const made: Providers[] = [];
  await attempt("configuration", async () => {
    loaded = await readConfig(file, { logger: silentLogger });
    printWarnings(loaded, terminal);
    const registry = new ProviderRegistry();
    made.push(
      await buildProviders(loaded.config, {}, { registry, clock: systemClock, label: file }),
    );
    return { status: "ok", detail: file };
  });
  for (const providers of made) {
    for (const [subject, check] of checksOf(providers, ask)) await attempt(subject, check);
    await attempt("closing", async () => {
      await closeAll(providers.owned);
      return { status: "ok", detail: "every provider closes" };
    });
    await attempt("policies", checkBrain(file));
  }
}
