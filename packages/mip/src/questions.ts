import type { Question } from "@twin/kernel"
import { type ContentAction, contentActions } from "./ContentAction.ts"
import { evaluateOpenContent } from "./decisions/evaluateOpenContent.ts"
import { contentIdsOf, type MipWorld, protectionOf } from "./State.ts"

/** May somebody do this with a protected content, by content id? */
export const questions: readonly Question<MipWorld>[] = Object.entries(contentActions).map(
  ([action, { summary }]) => ({
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
