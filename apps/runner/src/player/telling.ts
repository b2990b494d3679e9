import type { Message } from "@twin/scenario"
import type { Beat, Story } from "./Story.ts"

/** What a play has said so far: its opening, and the messages of each step by its position. */
export interface Said {
  readonly opening: Message
  readonly steps: readonly (readonly Message[])[]
}

/** All messages up to a beat. The last of them are those of the beat itself. */
export const messagesAt = (
  beat: Beat,
  story: Story,
  { opening, steps }: Said,
): readonly Message[] => {
  switch (beat.kind) {
    case "opening":
      return [opening]
    case "talk": {
      const { title, talk } = story.sections[beat.section] ?? { title: "", talk: "" }
      return [
        opening,
        ...steps.slice(0, beat.position).flat(),
        { _tag: "SectionStarted", section: beat.section, title, talk },
      ]
    }
    case "step": {
      const before = steps.slice(0, beat.position - 1).flat()
      return [opening, ...before, ...ownMessages(steps[beat.position - 1] ?? [])]
    }
    case "closing":
      return [opening, ...steps.flat()]
  }
}

/** A step's messages without what the end of the scenario adds behind its last step. */
const ownMessages = (messages: readonly Message[]): readonly Message[] => {
  const end = messages.findIndex((it) => it._tag === "StepFinished")
  return end === -1 ? messages : messages.slice(0, end + 1)
}
