import type { MentalModelStore } from "astrocyte";
import type { ConformanceTarget } from "../target.js";

export type MentalModelStoreTarget = ConformanceTarget<MentalModelStore>;
