import { randomUUID } from "node:crypto";
import { ConfigError, isProvider, type ProtocolName } from "astrocyte";
import { documentStoreConformance } from "./document-store/document-store-conformance.js";
import { graphStoreConformance } from "./graph-store/graph-store-conformance.js";
import { mentalModelStoreConformance } from "./mental-model-store/mental-model-store-conformance.js";
import type { TestRunner } from "./runner.js";
import { vectorStoreConformance } from "./vector-store/vector-store-conformance.js";

type Loaded = (...given: unknown[]) => unknown;

function isFunction(value: unknown): value is Loaded {
  return typeof value === "function";
}

async function load(specifier: string, name: string): Promise<Loaded> {
  // The names are values: this folder is built without the adapters and the tests.
  const module: unknown = await import(specifier);
  const found: unknown =
    typeof module === "object" && module !== null ? Reflect.get(module, name) : undefined;
  if (isFunction(found)) return found;
  throw new ConfigError(`${specifier} exports no function ${name}`);
}

interface Server {
  readonly url: string;
  readonly poolSize: number;
  readonly stop: () => Promise<void>;
}

function isServer(value: unknown): value is Server {
  return typeof value === "object" && value !== null && "url" in value && "stop" in value;
}

async function startServer(): Promise<Server> {
  const support = new URL("../test/support/postgres/start-pglite.ts", import.meta.url);
  const server = await (await load(support.href, "startPglite"))();
  if (isServer(server)) return server;
  throw new ConfigError("startPglite started no server");
}

function asProvider<Name extends ProtocolName>(value: unknown, protocol: Name) {
  if (isProvider(value, protocol)) return value;
  throw new ConfigError(`createPostgresStore made no ${protocol}`);
}

/**
 * Registers the suites for the PostgreSQL store on PGlite, each test in a schema of its own.
 *
 * @returns What stops the server after the tests.
 */
export async function registerPostgres(runner: TestRunner): Promise<() => Promise<void>> {
  const createPostgresStore = await load("astrocyte/adapters/postgres", "createPostgresStore");
  const { url, poolSize, stop } = await startServer();
  for (const search of ["exact", "hnsw"]) {
    const open = () =>
      createPostgresStore({
        url,
        poolSize,
        schema: `conformance_${randomUUID().replaceAll("-", "")}`,
        search,
        ...(search === "hnsw" ? { dimension: 8 } : {}),
      });
    const name = `postgres ${search}`;
    vectorStoreConformance(
      {
        name,
        create: async () => asProvider(await open(), "VectorStore"),
        capabilities: { indexesText: true },
      },
      runner,
    );
    if (search === "hnsw") continue;
    documentStoreConformance(
      { name, create: async () => asProvider(await open(), "DocumentStore") },
      runner,
    );
    graphStoreConformance(
      { name, create: async () => asProvider(await open(), "GraphStore") },
      runner,
    );
    mentalModelStoreConformance(
      { name, create: async () => asProvider(await open(), "MentalModelStore") },
      runner,
    );
  }
  return stop;
}
