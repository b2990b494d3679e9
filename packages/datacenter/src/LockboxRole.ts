import { Schema } from "effect"
import { CmdletCapability } from "./RoleCapability.ts"

/** What a command touches; only customer content needs the content role (DCO-025, DCO-136). */
export const DataClass = Schema.Literals([
  "system-metadata",
  "configuration",
  "customer-content",
  "access-control-data",
])
export type DataClass = typeof DataClass.Type

/** A command of the production environment. */
export interface Command {
  readonly name: string
  readonly touches: DataClass
  /** Read-only system metadata that every service team account may see (DCO-015). */
  readonly isBaseline: boolean
}

const command = (name: string, touches: DataClass, isBaseline = false): Command => ({
  name,
  touches,
  isBaseline,
})

/** Every command the twin knows. Anything else is in no role. */
export const commands: readonly Command[] = [
  command("Copy-Item", "customer-content"),
  command("Export-SPWeb", "customer-content"),
  // Nobody at Microsoft reads it, and no role gives it (DCO-199).
  command("Get-AvailabilityKey", "access-control-data"),
  command("Get-BitLockerVolume", "access-control-data"),
  command("Get-DkmKey", "access-control-data"),
  command("Get-HealthReport", "system-metadata", true),
  command("Get-Mailbox", "configuration"),
  command("Get-MailboxDatabaseCopyStatus", "configuration"),
  command("Get-MailboxFolderStatistics", "customer-content"),
  command("Get-MgTeamChannelMessage", "customer-content"),
  command("Get-Queue", "configuration"),
  command("Get-ServerHealth", "system-metadata", true),
  command("Get-SPSite", "configuration"),
  command("New-InboxRule", "customer-content"),
  command("Restart-Service", "configuration"),
  command("Search-Mailbox", "customer-content"),
  command("Set-Mailbox", "configuration"),
  command("Set-ServerComponentState", "configuration"),
  command("Test-ServiceHealth", "configuration"),
]

export const commandOf = (name: string): Command | undefined =>
  commands.find((it) => it.name.toLowerCase() === name.toLowerCase())

/** Who has to say yes, one after the other. */
export const ApprovalStep = Schema.Literals(["Manager", "Legal"])
export type ApprovalStep = typeof ApprovalStep.Type

/**
 * A named bundle of actions that an engineer may ask for (DCO-026). Holding it gives nothing but the
 * right to ask (DCO-016).
 */
export const LockboxRole = Schema.Struct({
  name: Schema.NonEmptyString,
  maxDurationMinutes: Schema.Int,
  touchesCustomerContent: Schema.Boolean,
  approvalChain: Schema.NonEmptyArray(ApprovalStep),
  capability: Schema.Array(CmdletCapability),
  /** Who leaves the machine loses the role at once, before its time is over (CRY-092). */
  endsAtLogOut: Schema.optionalKey(Schema.Boolean),
})
export type LockboxRole = typeof LockboxRole.Type

/** The role that the gate on customer content asks for (DCO-298, gate 10). */
export const contentRole = "AccessToCustomerData"

const readOnly: readonly CmdletCapability[] = [
  { name: "Get-Mailbox" },
  { name: "Get-MailboxDatabaseCopyStatus" },
  { name: "Get-Queue" },
  { name: "Get-ServerHealth" },
  { name: "Get-HealthReport" },
  { name: "Get-SPSite" },
]

/** The roles that every world starts with. Durations: 4 h for content, 8 h else (DCO-066). */
export const lockboxRoles: readonly LockboxRole[] = [
  {
    name: "ReadOnlyDebug",
    maxDurationMinutes: 480,
    touchesCustomerContent: false,
    approvalChain: ["Manager"],
    capability: readOnly,
  },
  {
    name: "ServiceEngineerOperations",
    maxDurationMinutes: 480,
    touchesCustomerContent: false,
    approvalChain: ["Manager"],
    capability: [
      ...readOnly,
      { name: "Test-ServiceHealth" },
      {
        name: "Restart-Service",
        parameters: [
          { name: "Name", validatePattern: "^(MSExchange[A-Za-z]{1,40}|W3SVC|SPTimerV4)$" },
          { name: "Force" },
        ],
      },
      {
        name: "Set-ServerComponentState",
        parameters: [
          { name: "Identity" },
          { name: "Component", validateSet: ["HubTransport", "ServerWideOffline"] },
          { name: "State", validateSet: ["Active", "Inactive", "Draining"] },
          { name: "Requester", validateSet: ["Maintenance", "HealthAPI"] },
        ],
      },
      // Server administrators can copy files; the content gate stops them at mailbox files (DCO-201).
      { name: "Copy-Item", parameters: [{ name: "Path" }, { name: "Destination" }] },
    ],
  },
  {
    name: contentRole,
    maxDurationMinutes: 240,
    touchesCustomerContent: true,
    approvalChain: ["Manager"],
    capability: [
      { name: "Get-Mailbox" },
      { name: "Get-MailboxFolderStatistics", parameters: [{ name: "Identity" }] },
      {
        name: "Search-Mailbox",
        parameters: [
          { name: "Identity" },
          { name: "SearchQuery" },
          { name: "EstimateResultOnly", validateSet: ["true"] },
        ],
      },
      { name: "Get-SPSite" },
      { name: "Export-SPWeb", parameters: [{ name: "Identity" }, { name: "ItemUrl" }] },
      { name: "Get-MgTeamChannelMessage", parameters: [{ name: "TeamId" }, { name: "ChannelId" }] },
    ],
  },
  {
    name: "DkmKeyAccess",
    maxDurationMinutes: 480,
    touchesCustomerContent: false,
    // Multiple levels of legal approval (DCO-193).
    approvalChain: ["Manager", "Legal", "Legal"],
    capability: [{ name: "Get-DkmKey" }],
  },
  {
    name: "SecretStoreAccess",
    maxDurationMinutes: 480,
    touchesCustomerContent: false,
    approvalChain: ["Manager"],
    capability: [{ name: "Get-BitLockerVolume" }],
    endsAtLogOut: true,
  },
]
