// npm run bench [-- package ...]: sets up, measures, and writes reports/bench.json.
import { fromHere } from "./setup/entry.mjs"

fromHere("bench")
