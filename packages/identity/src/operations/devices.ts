import {
  type Call,
  decideByGates,
  deny,
  gate,
  isoOf,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { HashMap, Option, Schema } from "effect"
import { type Device, deviceTrustTypes } from "../Device.ts"
import { evaluateDirectoryQuota } from "../decisions/evaluateDirectoryQuota.ts"
import { resourceNotFound } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet } from "./graphCmdlet.ts"
import { graphList, listBinding, listParams } from "./graphList.ts"

const managers: readonly string[] = [roles.intuneAdministrator, roles.globalAdministrator]

const DeviceId = Schema.NonEmptyString.annotate({ description: "Object id of the device" })
const optional = (description: string) =>
  Schema.optionalKey(Schema.String.annotate({ description }))
const flag = (description: string) => Schema.optionalKey(Schema.Boolean.annotate({ description }))
const list = (description: string) =>
  Schema.optionalKey(Schema.Array(Schema.String).annotate({ description }))

/** Graph's name of a property -> its name in a rule (IDN-216). */
const profileNames = {
  operatingSystem: "deviceOSType",
  operatingSystemVersion: "deviceOSVersion",
  trustType: "deviceTrustType",
  manufacturer: "deviceManufacturer",
  model: "deviceModel",
  deviceOwnership: "deviceOwnership",
  deviceCategory: "deviceCategory",
  mdmAppId: "deviceManagementAppId",
  enrollmentProfileName: "enrollmentProfileName",
  managementType: "managementType",
  profileType: "profileType",
} as const

const text = Schema.optionalKey(Schema.String)
const shared = {
  operatingSystem: text,
  operatingSystemVersion: text,
  trustType: Schema.optionalKey(Schema.Literals(deviceTrustTypes)),
  manufacturer: text,
  model: text,
  deviceOwnership: text,
  deviceCategory: text,
  mdmAppId: text,
  enrollmentProfileName: text,
  managementType: text,
  profileType: text,
  isRooted: Schema.optionalKey(Schema.Boolean),
  physicalIds: Schema.optionalKey(Schema.Array(Schema.String)),
  systemLabels: Schema.optionalKey(Schema.Array(Schema.String)),
  extensionAttributes: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
}

const sharedParams = {
  OperatingSystem: optional("Such as Windows, iOS, Android, MacOS"),
  OperatingSystemVersion: optional("Such as 10.0.22631"),
  TrustType: Schema.optionalKey(
    Schema.Literals(deviceTrustTypes).annotate({
      description: "AzureAD joined, ServerAD hybrid joined, Workplace registered",
    }),
  ),
  Manufacturer: optional("Who made it"),
  Model: optional("Model"),
  DeviceOwnership: optional("Company, Personal or Unknown"),
  DeviceCategory: optional("Category"),
  MdmAppId: optional("Application that manages the device"),
  EnrollmentProfileName: optional("Enrolment profile"),
  ManagementType: optional("How it is managed, such as MDM"),
  ProfileType: optional("Such as RegisteredDevice"),
  IsRooted: flag("Whether it is rooted or jailbroken; switch"),
  PhysicalIds: list("Physical ids, such as [ZTDId]:..."),
  SystemLabels: list("Labels given by the system"),
  ExtensionAttributes: Schema.optionalKey(
    Schema.Record(Schema.String, Schema.String).annotate({
      description: "extensionAttribute1 to extensionAttribute15",
    }),
  ),
}

type Shared = Schema.Struct<typeof shared>["Type"]

const profileOf = (body: Shared): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(profileNames).flatMap(([graph, rule]) => {
      const value = body[graph as keyof typeof profileNames]
      return value === undefined ? [] : [[rule, value]]
    }),
  ),
  ...Object.fromEntries(
    Object.entries(body.extensionAttributes ?? {}).map(([name, value]) => [
      name.replace(/^e/i, "e"),
      value,
    ]),
  ),
})

const row = (device: Device): OutputObject => ({
  Id: device.id,
  DeviceId: device.deviceId,
  DisplayName: device.displayName,
  AccountEnabled: device.accountEnabled,
  ...Object.fromEntries(
    Object.entries(profileNames).map(([graph, rule]) => [
      graph.charAt(0).toUpperCase() + graph.slice(1),
      Object.hasOwn(device.profile, rule) ? (device.profile[rule] ?? null) : null,
    ]),
  ),
  IsRooted: device.isRooted ?? null,
  PhysicalIds: device.devicePhysicalIds,
  SystemLabels: device.systemLabels,
  CreatedDateTime: isoOf(device.createdAt),
})

const deviceIn = (world: IdentityWorld, id: string): Device | undefined =>
  Option.getOrUndefined(HashMap.get(world.identity.devices, id.toLowerCase())) ??
  Option.getOrUndefined(HashMap.get(world.identity.devices, id))

const present = gate<{ readonly isPresent: boolean }>()({
  name: "device-present",
  facts: ["IDN-216"],
  reads: ["isPresent"],
  check: ({ isPresent }) =>
    isPresent
      ? pass("The directory has the device.")
      : deny("The directory has no such device.", {}, resourceNotFound()),
})

export const newMgDevice = graphCmdlet({
  name: "New-MgDevice",
  summary: "Adds a device to the directory.",
  params: {
    DisplayName: optional("Name of the device"),
    DeviceId: optional("Id that the device was registered with; drawn if absent"),
    AccountEnabled: flag("Whether the device is enabled; switch"),
    ...sharedParams,
  },
  body: Schema.Struct({
    displayName: Schema.NonEmptyString,
    deviceId: text,
    accountEnabled: Schema.optionalKey(Schema.Boolean),
    ...shared,
  }),
  binding: { switches: ["AccountEnabled", "IsRooted"] },
  roles: managers,
  facts: ["IDN-216", "IDN-280"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const { world, now, draw } = call
    const decision = evaluateDirectoryQuota({ world, isNew: true })
    if (decision.outcome !== "allow") return { decision }
    const device: Device = {
      id: draw.guid(`device ${body.displayName}`),
      deviceId: body.deviceId ?? draw.guid(`device id ${body.displayName}`),
      displayName: body.displayName,
      accountEnabled: body.accountEnabled ?? true,
      profile: profileOf(body),
      devicePhysicalIds: body.physicalIds ?? [],
      systemLabels: body.systemLabels ?? [],
      createdAt: now,
      ...(body.isRooted === undefined ? {} : { isRooted: body.isRooted }),
    }
    return {
      decision,
      events: [{ _tag: "DeviceAdded", device }],
      audit: [auditLine("Add device", device.displayName, { DeviceId: device.deviceId })],
      output: [row(device)],
    }
  },
})

export const updateMgDevice = graphCmdlet({
  name: "Update-MgDevice",
  summary: "Changes a device of the directory.",
  params: {
    DeviceId,
    DisplayName: optional("Name of the device"),
    AccountEnabled: flag("Whether the device is enabled; switch"),
    ...sharedParams,
  },
  path: ["DeviceId"],
  body: Schema.Struct({
    displayName: text,
    accountEnabled: Schema.optionalKey(Schema.Boolean),
    ...shared,
  }),
  binding: { switches: ["AccountEnabled", "IsRooted"] },
  roles: managers,
  facts: ["IDN-216"],
  decide: (call, body, params): Ruling<IdentityEvent> => {
    const device = deviceIn(call.world, params.DeviceId)
    const decision = decideByGates([present], { isPresent: device !== undefined })
    if (device === undefined) return { decision }
    const profile = profileOf(body)
    return {
      decision,
      events: [
        {
          _tag: "DeviceChanged",
          deviceId: device.id,
          changes: {
            ...(body.displayName === undefined ? {} : { displayName: body.displayName }),
            ...(body.accountEnabled === undefined ? {} : { accountEnabled: body.accountEnabled }),
            ...(body.isRooted === undefined ? {} : { isRooted: body.isRooted }),
            ...(body.physicalIds === undefined ? {} : { devicePhysicalIds: body.physicalIds }),
            ...(body.systemLabels === undefined ? {} : { systemLabels: body.systemLabels }),
            ...(Object.keys(profile).length === 0
              ? {}
              : { profile: { ...device.profile, ...profile } }),
          },
          at: call.now,
        },
      ],
      audit: [auditLine("Update device", device.displayName)],
    }
  },
})

export const removeMgDevice = graphCmdlet({
  name: "Remove-MgDevice",
  summary: "Removes a device from the directory.",
  params: { DeviceId },
  path: ["DeviceId"],
  body: Schema.Struct({}),
  roles: managers,
  facts: ["IDN-216"],
  decide: (call, _body, params): Ruling<IdentityEvent> => {
    const device = deviceIn(call.world, params.DeviceId)
    const decision = decideByGates([present], { isPresent: device !== undefined })
    if (device === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "DeviceRemoved", deviceId: device.id, at: call.now }],
      audit: [auditLine("Delete device", device.displayName)],
    }
  },
})

export const getMgDevice = operation({
  name: "Get-MgDevice",
  summary: "Shows devices of the directory.",
  params: Schema.Struct({
    DeviceId: Schema.optionalKey(DeviceId),
    ...listParams,
  }),
  binding: listBinding,
  facts: ["IDN-216"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world } = call
    const found = params.DeviceId === undefined ? undefined : deviceIn(world, params.DeviceId)
    return graphList(call, params, {
      resource: "Device",
      rows: () =>
        HashMap.toValues(world.identity.devices)
          .toSorted((a, b) =>
            a.displayName < b.displayName
              ? -1
              : a.displayName > b.displayName
                ? 1
                : a.id < b.id
                  ? -1
                  : 1,
          )
          .map(row),
      one: params.DeviceId === undefined ? "all" : found === undefined ? undefined : row(found),
    })
  },
})
