import { legalHoldTests } from "../stores/legal-hold-tests.js";
import { startWithVectors, useServer } from "./support.js";

legalHoldTests(useServer(startWithVectors));
