import type { Question } from "@twin/kernel"
import { evaluateOpenContent } from "./decisions/evaluateOpenContent.ts"
import { contentIdsOf, type MipWorld, protectionOf } from "./State.ts"
import type { ContentAction } from "./UsageRight.ts"

const summaries: Readonly<Partial<Record<ContentAction, string>>> = {
  open: "Open a protected content",
  edit: "Change a protected content",
  save: "Save a protected content in place",
  print: "Print a protected content",
  copy: "Copy from a protected content",
  export: "Save a protected content without protection",
  forward: "Forward a protected message",
  reply: "Reply to a protected message",
  "reply-all": "Reply to everybody on a protected message",
  "change-protection": "Change or remove the protection of a content",
}

/** May somebody do this with a protected content, by content id? */
export const questions: readonly Question<MipWorld>[] = Object.entries(summaries).map(
  ([action, summary]) => ({
    action,
    summary,
    subjects: contentIdsOf,
    ask: ({ world, actor, now }, subject) =>
      protectionOf(world, subject) === undefined
        ? undefined
        : evaluateOpenContent({
            world,
            contentId: subject,
            address: actor.id,
            client: actor.client,
            now,
            requested: action as ContentAction,
          }),
  }),
)
