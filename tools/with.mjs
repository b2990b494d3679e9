// npm run with -- command [args]: runs a command with the pinned Node and pnpm first on the path.
import { fromHere } from "./setup/entry.mjs"

fromHere("with")
