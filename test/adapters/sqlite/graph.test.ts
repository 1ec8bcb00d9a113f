import { graphTests } from "../stores/graph-tests.js";
import { useWorkspace } from "./support.js";

graphTests(useWorkspace());
