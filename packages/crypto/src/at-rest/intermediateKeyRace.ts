import type { KeyAnswer } from "../customer-key/keyAnswer.ts"

/** A twin parameter: the offset is called small and not published (CRY-096). */
export const raceOffsetMilliseconds = 10

/** One request to a key vault for the intermediate key. */
export interface KeyRequest {
  readonly uri: string
  /** Milliseconds after the service began. */
  readonly startsAt: number
  readonly endsAt: number
  readonly result: KeyAnswer["result"] | "Cancelled"
}

/** What a vault would answer, and after how long. */
export interface Runner {
  readonly uri: string
  readonly result: KeyAnswer["result"]
  readonly latencyMilliseconds: number
}

/**
 * SharePoint asks both keys, the second a little later; the first success wins and the other request is
 * cancelled (CRY-096). Exchange goes another way: one, and only then the other.
 */
export const raceForKey = (runners: readonly Runner[]): readonly KeyRequest[] => {
  const running = runners.map(({ uri, result, latencyMilliseconds }, index) => {
    const startsAt = index * raceOffsetMilliseconds
    return { uri, result, startsAt, endsAt: startsAt + latencyMilliseconds }
  })
  const [winner] = running
    .filter(({ result }) => result === "Success")
    .toSorted((a, b) => a.endsAt - b.endsAt || a.startsAt - b.startsAt)
  if (winner === undefined) return running
  return running.map((it) =>
    it === winner || it.endsAt < winner.endsAt
      ? it
      : { ...it, endsAt: winner.endsAt, result: "Cancelled" },
  )
}

/** Exchange asks one key and, only where that fails, the other (CRY-084). */
export const oneAfterTheOther = (runners: readonly Runner[]): readonly KeyRequest[] => {
  const asked: KeyRequest[] = []
  let startsAt = 0
  for (const { uri, result, latencyMilliseconds } of runners) {
    const endsAt = startsAt + latencyMilliseconds
    asked.push({ uri, result, startsAt, endsAt })
    if (result === "Success") break
    startsAt = endsAt
  }
  return asked
}
