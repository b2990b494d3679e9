import { Box, Text, useInput, usePaste, useStdin, useWindowSize } from "ink"
import { useSyncExternalStore } from "react"
import type { Line } from "../text/Span.ts"
import { keyNames } from "./keys.ts"
import { looksOf } from "./looks.ts"
import type { PlayerState } from "./PlayerState.ts"
import { screenOf, type ScreenSize } from "./screen.ts"
import type { Store } from "./Store.ts"

/** One line of the screen; an empty one keeps its height. */
const LineView = ({ spans, hasColour }: { readonly spans: Line; readonly hasColour: boolean }) => {
  const looks = looksOf(hasColour)
  return (
    <Text wrap="truncate">
      {spans.length === 0
        ? " "
        : spans.map(({ text, tone }, index) => (
            // The spans of a line have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <Text key={index} {...looks[tone]}>
              {text}
            </Text>
          ))}
    </Text>
  )
}

/** Lines one under the other. */
const LinesView = ({
  lines,
  hasColour,
}: {
  readonly lines: readonly Line[]
  readonly hasColour: boolean
}) => (
  <Box flexDirection="column">
    {lines.map((spans, index) => (
      // Lines are what stands at a row.
      // oxlint-disable-next-line react/no-array-index-key
      <LineView key={index} spans={spans} hasColour={hasColour} />
    ))}
  </Box>
)

/** The whole screen of the player from a state. */
export const PlayerScreen = ({
  state,
  size,
  hasColour = true,
}: {
  readonly state: PlayerState
  readonly size: ScreenSize
  readonly hasColour?: boolean
}) => <LinesView lines={screenOf(state, size)} hasColour={hasColour} />

/** What a screen is made of: a state, how it looks at a size, and what listens to keys. */
export interface ScreenProps<State> {
  readonly store: Store<State>
  readonly linesOf: (state: State, size: ScreenSize) => readonly Line[]
  readonly onKey: (key: string, size: ScreenSize) => void
  /** Pasted text, which is never a command; only its first line. */
  readonly onPaste: (text: string, size: ScreenSize) => void
  readonly hasColour: boolean
}

/** The one component that is connected: it reads the store and hands keys on. */
export const Screen = <State,>(props: ScreenProps<State>) => {
  const { store, linesOf, onKey, onPaste, hasColour } = props
  const state = useSyncExternalStore(store.subscribe, store.getSnapshot)
  const size = useWindowSize()
  const { isRawModeSupported } = useStdin()
  useInput((input, key) => keyNames(input, key).forEach((name) => onKey(name, size)), {
    isActive: isRawModeSupported,
  })
  usePaste((text) => onPaste(text.split(/[\r\n]/)[0] ?? "", size), { isActive: isRawModeSupported })
  return <LinesView lines={linesOf(state, size)} hasColour={hasColour} />
}
