import { Effect } from "effect"

/** A module when it is needed and not before: `twin --help` waits for none of them. */
export const lazily = <Module, A, E, R>(
  load: () => Promise<Module>,
  use: (module: Module) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> => Effect.flatMap(Effect.promise(load), use)
