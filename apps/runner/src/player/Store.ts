import { Effect, Stream, SubscriptionRef } from "effect"

/** What React reads: the present value, and to be told when there is another. */
export interface Store<A> {
  readonly getSnapshot: () => A
  readonly subscribe: (listener: () => void) => () => void
}

/** A view of a reference for React; lives as long as the surrounding scope. */
export const makeStore = Effect.fnUntraced(function* <A>(ref: SubscriptionRef.SubscriptionRef<A>) {
  const listeners = new Set<() => void>()
  yield* SubscriptionRef.changes(ref).pipe(
    Stream.runForEach(() =>
      Effect.sync(() => {
        for (const listener of listeners) listener()
      }),
    ),
    Effect.forkScoped({ startImmediately: true }),
  )
  const store: Store<A> = {
    getSnapshot: () => SubscriptionRef.getUnsafe(ref),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return store
})
