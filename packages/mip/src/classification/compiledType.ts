import { Effect } from "effect"
import { builtInTypeOf } from "./builtInTypes.ts"
import type { CustomEvidence, CustomType, KeywordDictionary } from "./CustomType.ts"
import type {
  Element,
  Evidence,
  Finder,
  Place,
  SensitiveInformationType,
} from "./SensitiveInformationType.ts"

type Engine = typeof import("re2js")

/** The engine of patterns that others wrote: it needs linear time whatever they wrote. */
const engine: Effect.Effect<Engine> = Effect.promise(() => import("re2js"))

/** Why a pattern cannot be used, or undefined. Look-around and back references are not taken. */
export const regexDefect = (source: string): Effect.Effect<string | undefined> =>
  Effect.map(engine, ({ RE2JS }) => {
    try {
      RE2JS.compile(source)
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : "it cannot be read"
    }
  })

const finders = new Map<string, Finder>()

/** Patterns of a tenant are few; of many tenants in one process only the latest are kept. */
const findersMax = 2_000

const finderOf = ({ RE2JS }: Engine, source: string): Finder => {
  const known = finders.get(source)
  if (known !== undefined) return known
  const pattern = RE2JS.compile(source)
  const made: Finder = {
    placesIn: function* (text): Iterable<Place> {
      const matcher = pattern.matcher(text)
      while (matcher.find()) {
        const start = matcher.start()
        const end = matcher.end()
        if (end > start) yield [start, end]
      }
    },
  }
  if (finders.size >= findersMax) finders.clear()
  finders.set(source, made)
  return made
}

/** Text anywhere, also inside words, whatever the case. */
const insideWords = (words: readonly string[]): Finder => ({
  placesIn: function* (text): Iterable<Place> {
    const lower = text.toLowerCase()
    const places: Place[] = []
    for (const word of words) {
      const wanted = word.toLowerCase()
      if (wanted === "") continue
      for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
        places.push([at, at + wanted.length])
      }
    }
    yield* places.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
  },
})

/** A built-in type as evidence: all of its elements. */
const elementsOf = (id: string): readonly Element[] => builtInTypeOf(id)?.elements ?? []

interface Sources {
  readonly engine: Engine
  readonly dictionaries: readonly KeywordDictionary[]
}

const evidenceFrom = (sources: Sources, it: CustomEvidence): readonly Evidence[] => {
  switch (it._tag) {
    case "Keywords":
      return [it.isWholeWord ? it.words : insideWords(it.words)]
    case "Regex":
      return [finderOf(sources.engine, it.source)]
    case "Dictionary":
      return [sources.dictionaries.find(({ id }) => id === it.id)?.words ?? []]
    case "Type":
      return elementsOf(it.id).map(({ pattern }) => pattern)
    case "Field":
      return []
  }
}

/** A described type made ready to search with. */
const compiled = (sources: Sources, type: CustomType): SensitiveInformationType => ({
  ...type,
  elements: type.patterns.flatMap(({ primary, all, any, confidence }): readonly Element[] => {
    const level = {
      confidence,
      // Several spellings of a built-in type are a choice: one of them is enough.
      any: [
        ...all.map((it) => ({ of: evidenceFrom(sources, it), min: 1 })),
        ...any.map(({ of, min, max }) => ({
          of: of.flatMap((it) => evidenceFrom(sources, it)),
          min,
          ...(max === undefined ? {} : { max }),
        })),
      ],
    }
    return primary._tag === "Type"
      ? elementsOf(primary.id).map((it) => ({ ...it, levels: [level] }))
      : evidenceFrom(sources, primary).map((pattern) => ({ pattern, levels: [level] }))
  }),
})

/** The types of a tenant made ready; the engine is loaded only where one of them has a pattern. */
export const compiledTypes = (
  types: readonly CustomType[],
  dictionaries: readonly KeywordDictionary[],
): Effect.Effect<readonly SensitiveInformationType[]> =>
  types.length === 0
    ? Effect.succeed([])
    : Effect.map(engine, (loaded) =>
        types.map((it) => compiled({ engine: loaded, dictionaries }, it)),
      )
