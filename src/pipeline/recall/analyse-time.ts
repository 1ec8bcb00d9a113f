import type { RecallRequest } from "../../dto/recall.js";
import { toTimestamp, type TimeRange } from "../../dto/timestamp.js";
import type { CallOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import { rangeOfQueryTime } from "../temporal/analyse-query.js";
import { resolveQueryTime } from "../temporal/resolve-query-time.js";
import type { RecallLog } from "./recall-log.js";

const stage = "query_analysis";

/**
 * The time that a query asks about, when the configuration lets queries be read for it and the request names none. What cannot
 * be read is no filter.
 *
 * @remarks Contract 05 section 8.
 */
export async function analyseTime(
  { recallSettings, llm, clock }: Pipeline,
  request: RecallRequest,
  log: RecallLog,
  { signal }: CallOptions,
): Promise<TimeRange | undefined> {
  const { queryAnalysis } = recallSettings;
  if (request.timeRange !== undefined || queryAnalysis === undefined) return request.timeRange;
  const anchor = request.queryReferenceDate ?? request.asOf ?? toTimestamp(clock.now());
  const { value, usage, calls, failure } = await resolveQueryTime(request.query, {
    anchor,
    expansion: queryAnalysis.expansion,
    llm: queryAnalysis.modelFallback ? llm : undefined,
    signal,
  });
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  log.addUsage({ calls, inputTokens, outputTokens });
  if (failure !== undefined) log.fail(stage, failure);
  if (value === undefined) return undefined;
  log.timeRange = rangeOfQueryTime(value);
  return log.timeRange;
}
