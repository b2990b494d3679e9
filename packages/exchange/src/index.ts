export * from "./AttachmentType.ts"
export * from "./decisions/evaluateReading.ts"
export { evaluateRevocation, type RevocationFacets } from "./decisions/evaluateRevocation.ts"
export { evaluateSend, type SendFacets } from "./decisions/evaluateSend.ts"
export * from "./domain.ts"
export * from "./IrmConfiguration.ts"
export * from "./Mailboxes.ts"
export * from "./MailMessage.ts"
export * from "./MessageContent.ts"
export * from "./OmeConfiguration.ts"
export * from "./Portal.ts"
export { evaluateMessage, type MessageQuestion, readerOf } from "./reading.ts"
export * from "./recipientExperience.ts"
export { listedTemplates, rightsTemplateOf } from "./rightsTemplate.ts"
export * from "./rules/RuleMessage.ts"
export * from "./rules/runRules.ts"
export * from "./rules/TransportRule.ts"
export {
  type AcceptedDomainType,
  brandingOf,
  ExchangeEvent,
  type ExchangeState,
  type ExchangeWorld,
  evolve as evolveExchange,
  initialState as initialExchangeState,
  irmConfigurationOf,
  messageOf,
  messagesOf,
  omeConfigurationOf,
  omeConfigurationsOf,
  portalSessionOf,
  revocationOf,
  scopeOf,
  subscriptionOf,
  transportRuleOf,
  transportRulesOf,
} from "./State.ts"
export * from "./SubscriptionPlan.ts"
