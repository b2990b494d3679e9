import type { Question } from "@twin/kernel"
import type { ContentAction } from "@twin/mip"
import { nextHopOf, outsideDomains } from "./mail-flow/nextHop.ts"
import { isOwnMailbox } from "./mail-flow/recipients.ts"
import { evaluateMessage } from "./reading.ts"
import { type ExchangeWorld, messageOf, messagesOf } from "./State.ts"

const subjects = (world: ExchangeWorld): readonly string[] =>
  messagesOf(world)
    .map(({ id }) => id)
    .toSorted()

const about = (
  action: string,
  requested: ContentAction,
  summary: string,
): Question<ExchangeWorld> => ({
  action,
  summary,
  subjects,
  ask: ({ world, actor, now }, subject) =>
    messageOf(world, subject) === undefined
      ? undefined
      : evaluateMessage({ world, actor, now, name: subject, requested }),
})

/** What can be asked about messages: the actions of the same purpose ask the same gates. */
export const questions: readonly Question<ExchangeWorld>[] = [
  about("read", "open", "May this person read the message?"),
  about("reply", "reply", "May this person answer the message?"),
  about("reply-all", "reply-all", "May this person answer everybody?"),
  about("forward", "forward", "May this person pass the message on?"),
  about("print", "print", "May this person print the message?"),
  about("copy", "copy", "May this person copy from the message?"),
  {
    action: "send-to",
    summary: "May mail leave for this domain outside now, and how?",
    subjects: outsideDomains,
    ask: ({ world, actor, now }, subject) =>
      isOwnMailbox(world, actor.id) && outsideDomains(world).includes(subject.toLowerCase())
        ? nextHopOf(world, { domain: subject, now }).decision
        : undefined,
  },
]
