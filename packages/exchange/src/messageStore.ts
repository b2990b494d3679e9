import { HashMap, Option } from "effect"
import type { MailMessage, MessageCopy } from "./MailMessage.ts"
import type { ExchangeState, ExchangeWorld } from "./State.ts"

/** A copy that could not leave yet. */
export interface WaitingCopy {
  /** Id of the message. */
  readonly message: string
  readonly copy: MessageCopy
  /** Where its bytes lie, sealed. */
  readonly storedAs: string
}

export const found = <A>(map: HashMap.HashMap<string, A>, key: string): A | undefined =>
  Option.getOrUndefined(HashMap.get(map, key))

const withLinks = (
  links: ExchangeState["links"],
  message: string,
  copies: readonly MessageCopy[],
): ExchangeState["links"] => {
  let next = links
  for (const { link, recipient } of copies.flatMap(({ deliveries }) => deliveries)) {
    if (link !== undefined) next = HashMap.set(next, link, { message, recipient })
  }
  return next
}

export const changeMessage = (
  state: ExchangeState,
  messageId: string,
  change: (message: MailMessage) => MailMessage,
): ExchangeState => ({
  ...state,
  messages: HashMap.modify(state.messages, messageId, (it) => ({
    ...it,
    message: change(it.message),
  })),
})

/** What a queued mail carried waits no longer; its message changes. */
export const noLongerWaiting = (
  state: ExchangeState,
  queueId: string,
  change: (message: MailMessage, waited: WaitingCopy) => MailMessage,
): ExchangeState => {
  const waited = found(state.waiting, queueId)
  if (waited === undefined) return state
  const changed = changeMessage(state, waited.message, (it) => change(it, waited))
  return { ...changed, waiting: HashMap.remove(changed.waiting, queueId) }
}

export const released = (state: ExchangeState, queueId: string): ExchangeState => {
  const waited = found(state.waiting, queueId)
  if (waited === undefined) return state
  const next = noLongerWaiting(state, queueId, (it) => ({
    ...it,
    copies: [...it.copies, waited.copy],
    returned: it.returned.filter((copy) => copy.queueId !== queueId),
  }))
  return { ...next, links: withLinks(next.links, waited.message, [waited.copy]) }
}

export const withMessage = (state: ExchangeState, message: MailMessage): ExchangeState => {
  if (HashMap.has(state.messages, message.id)) return state
  const links = withLinks(state.links, message.id, message.copies)
  return {
    ...state,
    messages: HashMap.set(state.messages, message.id, {
      ordinal: HashMap.size(state.messages),
      message,
    }),
    messageIds: HashMap.set(state.messageIds, message.messageId.toLowerCase(), message.id),
    links,
  }
}

/** What a queued mail carries; undefined for one without a message. */
export const waitingCopyOf = (world: ExchangeWorld, queueId: string): WaitingCopy | undefined =>
  found(world.exchange.waiting, queueId)
