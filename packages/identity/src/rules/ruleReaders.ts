import { normalizeAddress } from "../Address.ts"
import type { Device } from "../Device.ts"
import type { DirectoryUser } from "../DirectoryUser.ts"

/** How a rule reads the properties of an object, by their names in the documentation. */
export interface RuleReaders<in S> {
  readonly id: (subject: S) => string
  readonly manager: (subject: S) => string | undefined
  readonly text: (property: string) => (subject: S) => string | null
  readonly flags: Readonly<Record<string, (subject: S) => boolean | null>>
  readonly dates: Readonly<Record<string, (subject: S) => number | undefined>>
  readonly strings: Readonly<Record<string, (subject: S) => readonly string[]>>
  readonly plans: (subject: S) => readonly Readonly<Record<string, string>>[]
}

const fromProfile =
  (property: string) =>
  ({ profile }: Pick<DirectoryUser, "profile">): string | null =>
    Object.hasOwn(profile, property) ? (profile[property] ?? null) : null

const userTexts: ReadonlyMap<string, (user: DirectoryUser) => string | null> = new Map([
  ["displayName", (user: DirectoryUser) => user.displayName],
  ["mail", (user: DirectoryUser) => user.mail ?? null],
  [
    "mailNickName",
    (user: DirectoryUser) =>
      normalizeAddress(user.mail ?? user.userPrincipalName).split("@")[0] ?? "",
  ],
  ["objectId", (user: DirectoryUser) => user.id],
  ["userPrincipalName", (user: DirectoryUser) => user.userPrincipalName],
  ["userType", (user: DirectoryUser) => user.userType],
])

export const userReaders: RuleReaders<DirectoryUser> = {
  id: ({ id }) => id,
  manager: ({ manager }) => manager,
  text: (property) => userTexts.get(property) ?? fromProfile(property),
  flags: {
    accountEnabled: (user) => user.accountEnabled,
    dirSyncEnabled: (user) => (user.onPremisesSyncEnabled ? true : null),
  },
  dates: { employeeHireDate: (user) => user.employeeHireDate },
  strings: {
    otherMails: (user) => user.otherMails,
    proxyAddresses: (user) => user.proxyAddresses,
  },
  plans: (user) => user.assignedPlans,
}

const deviceTexts: ReadonlyMap<string, (device: Device) => string | null> = new Map([
  ["displayName", (device: Device) => device.displayName],
  ["deviceId", (device: Device) => device.deviceId],
  ["objectId", (device: Device) => device.id],
])

export const deviceReaders: RuleReaders<Device> = {
  id: ({ id }) => id,
  manager: () => undefined,
  text: (property) => deviceTexts.get(property) ?? fromProfile(property),
  flags: {
    accountEnabled: (device) => device.accountEnabled,
    isRooted: (device) => device.isRooted ?? null,
  },
  dates: {},
  strings: {
    devicePhysicalIds: (device) => device.devicePhysicalIds,
    systemLabels: (device) => device.systemLabels,
  },
  plans: () => [],
}
