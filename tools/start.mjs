// npm start [-- args]: sets up, builds when something changed, and runs `twin` where the caller stands.
import { fromHere } from "./setup/entry.mjs"

fromHere("start")
