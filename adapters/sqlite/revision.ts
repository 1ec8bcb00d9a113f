import type { VectorStore } from "astrocyte";
import type { Database } from "./open-database.js";

/** Counts what one store object changed. */
export interface OwnChanges {
  count: number;
}

/** Own changes count one each; a change from elsewhere outweighs any number of them. */
const foreignStep = 2 ** 20;

export function revisionMethods(
  database: Database,
  own: Readonly<OwnChanges>,
): Required<Pick<VectorStore, "bankRevision">> {
  return {
    bankRevision: async ({ signal }) => {
      const foreign = await database.foreignChanges(signal);
      return foreign === undefined ? undefined : foreign * foreignStep + own.count;
    },
  };
}
