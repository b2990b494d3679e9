import { visibleText } from "@twin/kernel"
import { Box, Text, useInput, useStdin, useWindowSize } from "ink"
import { useState } from "react"
import { keyName } from "./keys.ts"
import { cut } from "./textWidth.ts"

/** One scenario in the list. */
export interface Choice {
  readonly file: string
  readonly title: string
  readonly level: number
  readonly durationMinutes: number
  readonly steps: number
}

/** A list to choose a scenario from: arrows and return, a number, or q. */
export const Chooser = ({
  choices,
  onChoose,
}: {
  readonly choices: readonly Choice[]
  readonly onChoose: (choice: Choice | undefined) => void
}) => {
  const [chosen, setChosen] = useState(0)
  const { columns, rows } = useWindowSize()
  const { isRawModeSupported } = useStdin()
  useInput(
    (input, key) => {
      const name = keyName(input, key)
      if (name === "q" || name === "escape") onChoose(undefined)
      else if (name === "return" || name === "right") onChoose(choices[chosen])
      else if (name === "up") setChosen(Math.max(0, chosen - 1))
      else if (name === "down") setChosen(Math.min(choices.length - 1, chosen + 1))
      else if (/^[1-9]$/.test(name)) {
        const choice = choices[Number(name) - 1]
        if (choice !== undefined) onChoose(choice)
      }
    },
    { isActive: isRawModeSupported },
  )
  const room = Math.max(1, Math.floor((rows - 6) / 2))
  const first = Math.max(0, Math.min(chosen - room + 1, choices.length - room))
  return (
    <Box flexDirection="column" width={columns} height={Math.max(3, rows - 1)}>
      <Text inverse>{cut(" Tenant twin: which story? ".padEnd(columns), columns)}</Text>
      <Box flexDirection="column" flexGrow={1} marginTop={1} overflow="hidden">
        {choices.length === 0 ? (
          <Text>There is no scenario below scenarios/.</Text>
        ) : (
          choices.slice(first, first + room).map((choice, index) => (
            <Box key={choice.file} flexDirection="column">
              <Text wrap="truncate" bold={first + index === chosen}>
                {cut(
                  `${first + index === chosen ? "▶" : " "} ${first + index + 1} ${visibleText(choice.title)}`,
                  columns,
                )}
              </Text>
              <Text wrap="truncate" dimColor>
                {cut(
                  `     level ${choice.level}, ${choice.durationMinutes} minutes, ${choice.steps} steps`,
                  columns,
                )}
              </Text>
            </Box>
          ))
        )}
      </Box>
      <Text dimColor>{cut("↑ ↓ choose  return plays  q leaves", columns)}</Text>
    </Box>
  )
}
