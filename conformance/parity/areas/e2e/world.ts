import {
  accessGrantSchema,
  Astrocyte,
  fromWire,
  type HookType,
  type VectorItem,
  type VectorStore,
} from "astrocyte";
import { loadTiktokenCounter } from "astrocyte/policy";
import {
  createInMemoryDocumentStore,
  createInMemoryEngine,
  createInMemoryGraphStore,
  createInMemoryMentalModelStore,
  createInMemoryVectorStore,
  type FakeClock,
} from "astrocyte/testing";
import * as z from "zod";
import { Faults } from "./faults.js";
import { IdLabels } from "./id-labels.js";
import { labellingEngine, labellingStore } from "./labelling.js";
import { knobsSchema, sectionsOf } from "./pipeline-knobs.js";
import { RecordedGraph } from "./recorded-graph.js";
import { createScenarioClock } from "./scenario-clock.js";
import type { RecordedEvent, Setup } from "./scenario.js";
import { createScriptedModel, type ScriptedModel } from "./scripted-model.js";

/** A brain as a scenario sets it up, with everything that its steps reach for. */
export interface World {
  readonly brain: Astrocyte;
  readonly clock: FakeClock;
  readonly labels: IdLabels;
  readonly faults: Faults;
  readonly model: ScriptedModel;
  /** What was written to the graph store. */
  readonly graph: RecordedGraph;
  /** Of the hooks that the scenario records; emptied by whoever reads them. */
  readonly events: RecordedEvent[];
  /** All memories of a bank in the order of storing, whatever fails; none when an engine keeps them. */
  listMemories(bankId: string): Promise<VectorItem[]>;
}

/** Only text is scanned in the reference; metadata is here too, unless this is said. */
const withoutExtensions = { scan_metadata: false };
const settingsSchema = z.looseObject({
  barriers: z.looseObject({ pii: z.looseObject({}).prefault({}) }).prefault({}),
});

function documentOf(config: Setup["config"]) {
  const { barriers, ...settings } = settingsSchema.parse(config);
  return {
    ...settings,
    barriers: { ...barriers, pii: { ...withoutExtensions, ...barriers.pii } },
  };
}

async function listAll(
  store: VectorStore,
  labels: IdLabels,
  bankId: string,
): Promise<VectorItem[]> {
  const items: VectorItem[] = [];
  const limit = 500;
  for (;;) {
    const page = await store.listVectors({ bankId, offset: items.length, limit });
    items.push(...page);
    if (page.length < limit) break;
  }
  return items.toSorted((a, b) => labels.rankOf(a.id) - labels.rankOf(b.id));
}

const knownHooks = z.custom<HookType>((value) => typeof value === "string");

/**
 * Builds what a setup describes.
 *
 * @throws ConfigError for a configuration that this library refuses.
 */
export async function buildWorld(setup: Setup): Promise<World> {
  const clock = createScenarioClock();
  const labels = new IdLabels();
  const faults = new Faults();
  const model = createScriptedModel(setup.llm, labels);
  const events: RecordedEvent[] = [];
  let created = 0;
  const createId = () => {
    created += 1;
    return `id-${String(created).padStart(8, "0")}`;
  };
  const store = createInMemoryVectorStore();
  const isEngine = setup.backend === "engine";
  const document = setup.stores.includes("document");
  const graph = setup.stores.includes("graph");
  const recordedGraph = new RecordedGraph();
  const brain = await Astrocyte.fromConfig(
    { ...documentOf(setup.config), ...sectionsOf(setup.pipeline) },
    {
      clock,
      createId,
      logger: { warn: () => undefined },
      environment: {},
      // The recording counted with this encoding.
      countTokens: await loadTiktokenCounter("cl100k_base"),
      pipeline: isEngine ? undefined : knobsSchema.parse(setup.pipeline ?? {}),
      providers: isEngine
        ? {
            engine: faults.wrap(
              "engine",
              labellingEngine(createInMemoryEngine({}, { clock, createId }), labels),
            ),
            llm: faults.wrap("llm", model),
          }
        : {
            vector_store: faults.wrap("vector", labellingStore(store, labels)),
            document_store: document
              ? faults.wrap("document", createInMemoryDocumentStore())
              : undefined,
            graph_store: graph
              ? faults.wrap("graph", recordedGraph.watch(createInMemoryGraphStore()))
              : undefined,
            llm: faults.wrap("llm", model),
            mental_model_store: setup.stores.includes("mental_model")
              ? createInMemoryMentalModelStore({}, { clock })
              : undefined,
          },
    },
  );
  if (setup.grants !== undefined) {
    brain.setAccessGrants(setup.grants.map((grant) => fromWire(accessGrantSchema, grant)));
  }
  for (const type of setup.hooks ?? []) {
    brain.registerHook(knownHooks.parse(type), ({ bankId, data }) => {
      const { memory_id: id } = data;
      const labelled = typeof id === "string" ? { memory_id: labels.labelOf(id) } : {};
      events.push({ type, bank_id: bankId, data: { ...data, ...labelled } });
    });
  }
  return {
    brain,
    clock,
    labels,
    faults,
    model,
    graph: recordedGraph,
    events,
    listMemories: (bankId) => listAll(store, labels, bankId),
  };
}
