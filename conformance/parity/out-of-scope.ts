const routing = "routing by rules (MIP) is not built yet";
const later = "outside the first releases";

/** Areas that are recorded and have no counterpart yet, each with the reason. An area that is not here must be mapped. */
export const outOfScope: Readonly<Record<string, string>> = {
  analytics: "the health of banks is not built yet",
  eval_judges: "the judges of answers are not built yet",
  ingest: later,
  mcp_contract: later,
  mip_loader: routing,
  mip_router: routing,
  mip_rule_engine: routing,
  page_index_recall: later,
  temporal_dateparser: "needs the reference's dateparser library",
  tenancy: later,
};
