// npm test [-- package ...]: sets up and runs every check of the repository.
import { fromHere } from "./setup/entry.mjs"

fromHere("test")
