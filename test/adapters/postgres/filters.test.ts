import { filterTests } from "../stores/filter-tests.js";
import { startWithVectors, useServer } from "./support.js";

filterTests(useServer(startWithVectors));
