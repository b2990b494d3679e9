import { isoOf } from "@twin/kernel"
import { builtInTexts, type OmeConfiguration } from "../OmeConfiguration.ts"
import { portalUrl } from "../Portal.ts"

/**
 * The wrapper (EXO-064, EXO-163): sender, introduction, button, instructions, disclaimer, privacy
 * link, the day it ends (EXO-166); neither body nor files.
 */
export const wrapperText = (o: {
  readonly from: string
  readonly template: OmeConfiguration
  readonly link: string
  readonly expiresAt: number | undefined
}): string => {
  const { from, template, link, expiresAt } = o
  return [
    `${from} ${template.IntroductionText || builtInTexts.IntroductionText}`,
    `[${template.ReadButtonText || builtInTexts.ReadButtonText}] ${portalUrl(link)}`,
    ...(expiresAt === undefined
      ? []
      : [`This message expires on ${isoOf(expiresAt).slice(0, 10)}.`]),
    template.EmailText || builtInTexts.EmailText,
    ...(template.DisclaimerText === "" ? [] : [template.DisclaimerText]),
    `Privacy statement: ${template.PrivacyStatementUrl || builtInTexts.PrivacyStatementUrl}`,
  ].join("\n")
}

const nativeNames = {
  "encrypt-only": "Encrypt-Only",
  "do-not-forward": "Do Not Forward",
  template: "a template of the organization",
  foreign: "the sender's organization",
} as const

/** What a mailbox pane shows of a message that an Outlook client opens inline (EXO-062). */
export const nativeText = (kind: keyof typeof nativeNames, link: string): string =>
  `This message is protected with ${nativeNames[kind]}. Outlook opens it here; other apps lead ` +
  `to the portal: ${portalUrl(link)}`
