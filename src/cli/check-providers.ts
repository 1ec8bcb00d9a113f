import { Astrocyte } from "../astrocyte.js";
import { systemClock } from "../clock.js";
import { buildProviders, closeAll, type Providers } from "../config/build-providers.js";
import type { ConfigDocument } from "../config/document.js";
import { readConfig } from "../config/read-config.js";
import { EmbeddingsNotSupportedError } from "../errors.js";
import type { Logger } from "../logger.js";
import { ProviderRegistry } from "../spi/registry.js";
import type { Finding } from "./check-environment.js";

const silent: Logger = { warn: () => undefined };

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function attempt(subject: string, run: () => Promise<Finding>): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    return { subject, status: "failed", detail: messageOf(error) };
  }
}

async function checkStore({ vectorStore, engine }: Providers): Promise<Finding> {
  const subject = vectorStore === undefined ? "engine" : "vector store";
  const { healthy, message = "" } = (await (engine ?? vectorStore)?.health()) ?? { healthy: false };
  const name = (engine ?? vectorStore)?.name ?? "";
  return {
    subject,
    status: healthy ? "ok" : "failed",
    detail: message === "" ? name : `${name}: ${message}`,
  };
}

async function embedOne({ embeddings, llm }: Providers): Promise<number[] | undefined> {
  try {
    const [vector] = (await (embeddings ?? llm)?.embed(["astrocyte doctor"])) ?? [];
    return vector;
  } catch (error) {
    if (error instanceof EmbeddingsNotSupportedError) return undefined;
    throw error;
  }
}

/** A store refuses vectors of another length, also in a search of a bank that is not there. */
async function checkEmbeddings(providers: Providers): Promise<Finding> {
  const subject = "embeddings";
  const vector = await embedOne(providers);
  if (vector === undefined) {
    return { subject, status: "absent", detail: "recall works by text only" };
  }
  await providers.vectorStore?.searchSimilar(vector, { bankId: "astrocyte-doctor", limit: 1 });
  const store = providers.vectorStore === undefined ? "" : ", which the store takes";
  return { subject, status: "ok", detail: `${vector.length} dimensions${store}` };
}

/** Everything that is made of the configuration: the policies, and the packages they need. */
async function checkBrain(source: string | ConfigDocument): Promise<Finding> {
  const brain = await Astrocyte.fromConfig(source, { logger: silent });
  await brain.close();
  return { subject: "policies", status: "ok", detail: "all that are configured can be made" };
}

/**
 * Makes what a configuration names and asks it whether it works. A store that keeps a file makes it; an embedding provider
 * embeds one text.
 */
export async function checkProviders(file: string, logger: Logger): Promise<Finding[]> {
  const owned: Providers[] = [];
  const findings: Finding[] = [];
  findings.push(
    await attempt("configuration", async () => {
      const { config } = await readConfig(file, { logger });
      const registry = new ProviderRegistry();
      owned.push(await buildProviders(config, {}, { registry, clock: systemClock }));
      return { subject: "configuration", status: "ok", detail: file };
    }),
  );
  for (const providers of owned) {
    findings.push(await attempt("store", () => checkStore(providers)));
    findings.push(await attempt("embeddings", () => checkEmbeddings(providers)));
    await closeAll(providers.owned);
    findings.push(await attempt("policies", () => checkBrain(file)));
  }
  return findings;
}
