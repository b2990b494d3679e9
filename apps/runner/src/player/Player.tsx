import { Box, Text, useInput, usePaste, useStdin, useWindowSize } from "ink"
import { useSyncExternalStore } from "react"
import { type Paint, painted } from "../text/painted.ts"
import type { Line } from "../text/Span.ts"
import { keyNames } from "./keys.ts"
import type { PlayerState } from "./PlayerState.ts"
import type { Store } from "./Store.ts"
import { type ScreenSize, screenOf } from "./screen.ts"

/** Lines one under the other; an empty one keeps its height. */
const LinesView = ({
  lines,
  paint,
}: {
  readonly lines: readonly Line[]
  readonly paint: Paint
}) => (
  <Box flexDirection="column">
    {lines.map((it, index) => (
      // Lines are what stands at a row: they have no identity but their place.
      // oxlint-disable-next-line react/no-array-index-key
      <Text key={index} wrap="truncate">
        {painted(it, paint) || " "}
      </Text>
    ))}
  </Box>
)

/** The whole screen of the player from a state. */
export const PlayerScreen = ({
  state,
  size,
  paint = "colour",
}: {
  readonly state: PlayerState
  readonly size: ScreenSize
  readonly paint?: Paint
}) => <LinesView lines={screenOf(state, size)} paint={paint} />

/** What a screen is made of: a state, how it looks at a size, and what listens to keys. */
export interface ScreenProps<State> {
  readonly store: Store<State>
  readonly linesOf: (state: State, size: ScreenSize) => readonly Line[]
  readonly onKey: (key: string, size: ScreenSize) => void
  /** Pasted text, which is never a command; only its first line. */
  readonly onPaste: (text: string, size: ScreenSize) => void
  readonly paint: Paint
}

/** The one component that is connected: it reads the store and hands keys on. */
export const Screen = <State,>(props: ScreenProps<State>) => {
  const { store, linesOf, onKey, onPaste, paint } = props
  const state = useSyncExternalStore(store.subscribe, store.getSnapshot)
  const size = useWindowSize()
  const { isRawModeSupported } = useStdin()
  useInput((input, key) => keyNames(input, key).forEach((name) => onKey(name, size)), {
    isActive: isRawModeSupported,
  })
  usePaste((text) => onPaste(text.split(/[\r\n]/)[0] ?? "", size), { isActive: isRawModeSupported })
  return <LinesView lines={linesOf(state, size)} paint={paint} />
}
