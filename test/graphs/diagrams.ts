import { Astrocyte } from "astrocyte";
import {
  AstrocyteStore,
  createMaintenanceGraph,
  createMemoryGraph,
  createReflectGraph,
} from "astrocyte/graphs";
import { createInMemoryVectorStore } from "astrocyte/testing";
import { createFamilyAgent } from "../../examples/langgraph/agent.js";
import { createModel } from "../../examples/langgraph/model.js";
import { createCountingGraph } from "../../examples/langgraph/nodes.js";
import { createReviewedGraph } from "../../examples/langgraph/review.js";
import { createTeam } from "../../examples/langgraph/team.js";

interface Drawable {
  getGraphAsync(): Promise<{ drawMermaid(): string }>;
}

/** Every graph of the package and of its examples, as LangGraph draws it, by the name of its diagram in the docs. */
export async function drawDiagrams(): Promise<Map<string, string>> {
  const brain = new Astrocyte({ vectorStore: createInMemoryVectorStore() });
  const model = createModel({});
  const graphs: Record<string, Drawable> = {
    createMemoryGraph: createMemoryGraph({ brain, model }),
    createReflectGraph: createReflectGraph({ brain }),
    createMaintenanceGraph: createMaintenanceGraph({ brain }),
    "langgraph-agent": createFamilyAgent(brain, model).graph,
    "langgraph-nodes": createCountingGraph(brain, model, new AstrocyteStore({ brain })),
    "langgraph-team": createTeam(brain, model, () => undefined),
    "langgraph-review": createReviewedGraph(brain, model),
  };
  const diagrams = new Map<string, string>();
  for (const [name, graph] of Object.entries(graphs)) {
    const diagram = (await graph.getGraphAsync()).drawMermaid();
    diagrams.set(name, diagram.replaceAll("\t", "  ").trim());
  }
  return diagrams;
}
