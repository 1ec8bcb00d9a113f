import { filterTests } from "../stores/filter-tests.js";
import { useWorkspace } from "./support.js";

filterTests(useWorkspace());
