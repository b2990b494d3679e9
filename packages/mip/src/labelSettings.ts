import { type Label, labelSetting } from "./Label.ts"

/** What a value of a setting has to look like. */
export type SettingKind = "boolean" | "color" | "label" | "text" | readonly string[]

/** Settings of labels that are handled by name; names in lower case (MIP-118, MIP-136). */
export const labelSettingKinds: Readonly<Record<string, SettingKind>> = {
  defaultsharingscope: ["SpecificPeople", "Organization", "Anyone"],
  defaultsharelinkpermission: ["View", "Edit"],
  defaultsharelinktoexistingaccess: "boolean",
  memberscanshare: ["MemberShareAll", "MemberShareFileAndFolder", "MemberShareNone"],
  defaultsublabelid: "label",
  blockcontentanalysisservices: "boolean",
  blockdownloadpolicy: "boolean",
  color: "color",
  smimesign: "boolean",
  smimeencrypt: "boolean",
}

/** Settings of label policies that are handled by name; names in lower case (MIP-131, MIP-137). */
export const policySettingKinds: Readonly<Record<string, SettingKind>> = {
  attachmentaction: ["Automatic", "Recommended", "Off"],
  enableaudit: "boolean",
  enablerevokeguisupport: "boolean",
  disablemandatoryinoutlook: "boolean",
  disableshowsensitivecontent: "boolean",
  outlookdefaultlabel: "label",
  teamworkmandatory: "boolean",
  teamworkdefaultlabelid: "label",
  hidebarbydefault: "boolean",
  powerbimandatory: "boolean",
  powerbidefaultlabelid: "label",
  mandatory: "boolean",
  requiredowngradejustification: "boolean",
  defaultlabelid: "label",
  siteandgroupdefaultlabelid: "label",
  customurl: "text",
}

const isValue = (kind: SettingKind, value: string): boolean => {
  switch (kind) {
    case "boolean":
      return /^(?:true|false)$/i.test(value)
    case "color":
      return /^#[0-9a-f]{6}$/i.test(value)
    case "label":
    case "text":
      return value.trim() !== ""
    default:
      return kind.some((it) => it.toLowerCase() === value.toLowerCase())
  }
}

/** The first setting whose value the service does not take; undefined where all are right. */
export const settingDefect = (
  settings: Readonly<Record<string, string>>,
  kinds: Readonly<Record<string, SettingKind>>,
): string | undefined =>
  Object.entries(settings).find(([name, value]) => {
    const kind = kinds[name]
    return kind !== undefined && !isValue(kind, value)
  })?.[0]

/** Settings that no rule reads: kept, and the administrator is told. */
export const unknownSettings = (
  settings: Readonly<Record<string, unknown>>,
  kinds: Readonly<Record<string, SettingKind>>,
): readonly string[] =>
  Object.keys(settings).filter((name) => !Object.hasOwn(kinds, name.toLowerCase()))

/** Signing and encryption by certificates that a label asks of Outlook (MIP-118). */
export const smimeOf = (label: Label): { readonly sign: boolean; readonly encrypt: boolean } => ({
  sign: labelSetting(label, "SMimeSign")?.toLowerCase() === "true",
  encrypt: labelSetting(label, "SMimeEncrypt")?.toLowerCase() === "true",
})
