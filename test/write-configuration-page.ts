import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurationPage } from "./support/configuration-page.js";

writeFileSync(join(import.meta.dirname, "../docs/configuration.md"), configurationPage());
