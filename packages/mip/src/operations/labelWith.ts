import { parseRightsDefinitions } from "../Grant.ts"
import {
  type ContentExpiry,
  type ContentMark,
  type Label,
  type LabelContainer,
  LabelContentType,
  type LabelEncryption,
  type LabelMarking,
  makeLabelEncryption,
} from "../Label.ts"
import { dayIn, midnightIn } from "../timeZone.ts"
import { withSettings } from "./cmdlet.ts"
import type { LabelParams } from "./labelParams.ts"

/** A label after a change: what is not named stays. `templateId` is for encryption that needs one. */
export const labelWith = (
  before: Label,
  params: LabelParams,
  {
    templateId,
    now,
    timeZone = "UTC",
  }: { readonly templateId: string; readonly now: number; readonly timeZone?: string },
  read: Pick<Label, "autoLabeling" | "locales"> = {},
): Label => {
  const encryption = encryptionWith(before.encryption, params, { templateId, timeZone })
  const container = containerWith(before.container, params)
  const { autoLabeling: conditions, ...rest } = before
  const autoLabeling = params.Conditions === undefined ? conditions : read.autoLabeling
  const locales = read.locales ?? before.locales
  return {
    ...rest,
    ...(autoLabeling === undefined ? {} : { autoLabeling }),
    ...(locales === undefined ? {} : { locales }),
    comment: params.Comment ?? before.comment,
    contentTypes: contentTypesOf(params.ContentType) ?? before.contentTypes,
    advancedSettings: withSettings(before.advancedSettings, params.AdvancedSettings),
    marking: markingWith(before.marking, params),
    changedAt: now,
    ...(encryption === undefined ? {} : { encryption }),
    ...(container === undefined ? {} : { container }),
  }
}

const contentTypesOf = (text: string | undefined): readonly LabelContentType[] | undefined => {
  if (text === undefined) return undefined
  const wanted = text.split(",").map((it) => it.trim().toLowerCase())
  return LabelContentType.literals.filter((it) => wanted.includes(it.toLowerCase()))
}

/** Whether any parameter is about encryption. */
const touchesEncryption = (params: LabelParams): boolean =>
  Object.entries(params).some(([key, value]) => key.startsWith("Encryption") && value !== undefined)

const encryptionWith = (
  before: LabelEncryption | undefined,
  params: LabelParams,
  { templateId, timeZone }: { readonly templateId: string; readonly timeZone: string },
): LabelEncryption | undefined => {
  if (!touchesEncryption(params)) return before
  const protectionType = params.EncryptionProtectionType ?? before?.protectionType ?? "Template"
  const start = before ?? makeLabelEncryption({ protectionType, isEnabled: false })
  const definitions = params.EncryptionRightsDefinitions
  const doubleKeyUrl = params.EncryptionDoubleKeyEncryptionUrl ?? start.doubleKeyUrl
  const template = start.templateId ?? (protectionType === "Template" ? templateId : undefined)
  return {
    ...start,
    protectionType,
    isEnabled: params.EncryptionEnabled ?? start.isEnabled,
    grants: definitions === undefined ? start.grants : parseRightsDefinitions(definitions).grants,
    contentExpiry:
      expiryOf(params.EncryptionContentExpiredOnDateInDaysOrNever, timeZone) ?? start.contentExpiry,
    offlineAccessDays: params.EncryptionOfflineAccessDays ?? start.offlineAccessDays,
    doNotForward: params.EncryptionDoNotForward ?? start.doNotForward,
    encryptOnly: params.EncryptionEncryptOnly ?? start.encryptOnly,
    promptUser: params.EncryptionPromptUser ?? start.promptUser,
    ...(template === undefined ? {} : { templateId: template }),
    ...(doubleKeyUrl === undefined ? {} : { doubleKeyUrl }),
    ...(params.EncryptionRightsUrl === undefined ? {} : { rightsUrl: params.EncryptionRightsUrl }),
  }
}

/** `Never`, days, or a date: ISO, or month/day/year as the module prints it. Undefined: none of it. */
export const expiryOf = (text: string | undefined, timeZone = "UTC"): ContentExpiry | undefined => {
  if (text === undefined) return undefined
  const trimmed = text.trim()
  if (trimmed.toLowerCase() === "never") return { _tag: "Never" }
  if (/^\d{1,5}$/.test(trimmed)) return { _tag: "AfterDays", days: Number(trimmed) }
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(trimmed)
  const iso =
    american === null
      ? /^\d{4}-\d{2}-\d{2}$/.exec(trimmed)?.[0]
      : `${american[3] ?? ""}-${(american[1] ?? "").padStart(2, "0")}-${(american[2] ?? "").padStart(2, "0")}`
  if (iso === undefined || !isDay(iso)) return undefined
  const zone = timeZone === "UTC" ? {} : { timeZone }
  return { _tag: "OnDate", at: midnightIn(iso, timeZone), ...zone }
}

const isDay = (iso: string): boolean => {
  const [year = 0, month = 0, day = 0] = iso.split("-").map(Number)
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day >= 1 && day <= (lengths[month - 1] ?? 0)
}

/** How `Get-Label` prints an expiry. */
export const printedExpiry = (expiry: ContentExpiry): string => {
  switch (expiry._tag) {
    case "Never":
      return "Never"
    case "AfterDays":
      return String(expiry.days)
    case "OnDate":
      return dayIn(expiry.at, expiry.timeZone ?? "UTC")
  }
}

interface MarkParams {
  readonly isEnabled: boolean | undefined
  readonly text: string | undefined
  readonly fontColor: string | undefined
  readonly fontName: string | undefined
  readonly fontSize: number | undefined
  readonly placement: string | undefined
  readonly margin: number | undefined
}

const markWith = (
  before: ContentMark | undefined,
  params: MarkParams,
  placement: string,
): ContentMark | undefined => {
  if (Object.values(params).every((it) => it === undefined)) return before
  return {
    isEnabled: params.isEnabled ?? before?.isEnabled ?? false,
    text: params.text ?? before?.text ?? "",
    fontColor: params.fontColor ?? before?.fontColor ?? "#000000",
    fontName: params.fontName ?? before?.fontName ?? "",
    fontSize: params.fontSize ?? before?.fontSize ?? 10,
    placement: params.placement ?? before?.placement ?? placement,
    margin: params.margin ?? before?.margin ?? 5,
  }
}

const markingWith = (before: LabelMarking, params: LabelParams): LabelMarking => {
  const header = markWith(before.header, edge(params, "Header"), "Left")
  const footer = markWith(before.footer, edge(params, "Footer"), "Left")
  const watermark = markWith(
    before.watermark,
    {
      isEnabled: params.ApplyWaterMarkingEnabled,
      text: params.ApplyWaterMarkingText,
      fontColor: params.ApplyWaterMarkingFontColor,
      fontName: params.ApplyWaterMarkingFontName,
      fontSize: params.ApplyWaterMarkingFontSize,
      placement: params.ApplyWaterMarkingLayout,
      margin: undefined,
    },
    "Diagonal",
  )
  const dynamic =
    params.ApplyDynamicWatermarkingEnabled === false
      ? undefined
      : (params.DynamicWatermarkDisplay ?? before.dynamicWatermark)
  return {
    ...(header === undefined ? {} : { header }),
    ...(footer === undefined ? {} : { footer }),
    ...(watermark === undefined ? {} : { watermark }),
    ...(dynamic === undefined ? {} : { dynamicWatermark: dynamic }),
  }
}

const edge = (params: LabelParams, at: "Header" | "Footer"): MarkParams => ({
  isEnabled: params[`ApplyContentMarking${at}Enabled`],
  text: params[`ApplyContentMarking${at}Text`],
  fontColor: params[`ApplyContentMarking${at}FontColor`],
  fontName: params[`ApplyContentMarking${at}FontName`],
  fontSize: params[`ApplyContentMarking${at}FontSize`],
  placement: params[`ApplyContentMarking${at}Alignment`],
  margin: params[`ApplyContentMarking${at}Margin`],
})

const containerWith = (
  before: LabelContainer | undefined,
  params: LabelParams,
): LabelContainer | undefined => {
  const privacy = params.SiteAndGroupProtectionPrivacy
  const guests = params.SiteAndGroupProtectionAllowAccessToGuestUsers
  const mail = params.SiteAndGroupProtectionAllowEmailFromGuestUsers
  const full = params.SiteAndGroupProtectionAllowFullAccess
  const limited = params.SiteAndGroupProtectionAllowLimitedAccess
  const block = params.SiteAndGroupProtectionBlockAccess
  const sharing = params.SiteExternalSharingControlType
  const isEnabled = params.SiteAndGroupProtectionEnabled
  const changes = {
    ...(isEnabled === undefined ? {} : { isEnabled }),
    ...(privacy === undefined ? {} : { privacy }),
    ...(guests === undefined ? {} : { allowAccessToGuestUsers: guests }),
    ...(mail === undefined ? {} : { allowEmailFromGuestUsers: mail }),
    ...(full === undefined ? {} : { allowFullAccess: full }),
    ...(limited === undefined ? {} : { allowLimitedAccess: limited }),
    ...(block === undefined ? {} : { blockAccess: block }),
    ...(sharing === undefined ? {} : { siteExternalSharingControlType: sharing }),
  }
  return Object.keys(changes).length === 0 ? before : { isEnabled: false, ...before, ...changes }
}
