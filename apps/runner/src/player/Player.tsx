import { Box, Text, useInput, useStdin, useWindowSize } from "ink"
import { useSyncExternalStore } from "react"
import { keyName } from "./keys.ts"
import { screenOf, type ScreenSize } from "./screen.ts"
import type { PlayerState } from "./PlayerState.ts"
import type { Line, Tone } from "./Span.ts"
import type { Store } from "./Store.ts"

const looks: Record<Tone, Parameters<typeof Text>[0]> = {
  plain: {},
  soft: { dimColor: true },
  strong: { bold: true },
  good: { color: "green" },
  bad: { color: "red" },
  ask: { color: "yellow" },
  accent: { color: "cyan" },
  command: { color: "cyan", bold: true },
  inverse: { inverse: true },
}

/** One line of the screen; an empty one keeps its height. */
export const LineView = ({ spans }: { readonly spans: Line }) => (
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

const Lines = ({ lines, width }: { readonly lines: readonly Line[]; readonly width?: number }) => (
  <Box flexDirection="column" flexShrink={0} {...(width === undefined ? {} : { width })}>
    {lines.map((spans, index) => (
      // Lines are what stands at a row.
      // oxlint-disable-next-line react/no-array-index-key
      <LineView key={index} spans={spans} />
    ))}
  </Box>
)

/** The whole screen from a state; one row stays free, so that Ink never clears everything. */
export const PlayerScreen = ({
  state,
  size,
}: {
  readonly state: PlayerState
  readonly size: ScreenSize
}) => {
  const { top, agenda, agendaColumns, body, bottom } = screenOf(state, size)
  return (
    <Box flexDirection="column" width={size.columns} height={Math.max(3, size.rows - 1)}>
      <LineView spans={top} />
      <Box flexGrow={1} marginTop={size.rows > 8 ? 1 : 0} overflow="hidden">
        {agendaColumns === 0 ? undefined : (
          <Box marginRight={2}>
            <Lines lines={agenda} width={agendaColumns} />
          </Box>
        )}
        <Lines lines={body} />
      </Box>
      <LineView spans={bottom} />
    </Box>
  )
}

/** The one component that is connected: it reads the store and hands keys on. */
export const Player = ({
  store,
  onKey,
}: {
  readonly store: Store<PlayerState>
  readonly onKey: (key: string, size: ScreenSize) => void
}) => {
  const state = useSyncExternalStore(store.subscribe, store.getSnapshot)
  const size = useWindowSize()
  const { isRawModeSupported } = useStdin()
  useInput((input, key) => onKey(keyName(input, key), size), { isActive: isRawModeSupported })
  return <PlayerScreen state={state} size={size} />
}
