import { graphTests } from "../stores/graph-tests.js";
import { startWithVectors, useServer } from "./support.js";

graphTests(useServer(startWithVectors));
