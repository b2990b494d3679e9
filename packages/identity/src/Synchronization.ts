import { days, minutes } from "@twin/kernel"
import { Schema } from "effect"
import { type DirectoryUser, UserType } from "./DirectoryUser.ts"
import type { Person } from "./Person.ts"

const id = Schema.NonEmptyString

/** Attributes of the copy that a mapping can fill; all but the first three are of the profile. */
export const mappedTargets = [
  "displayName",
  "userType",
  "showInAddressList",
  "givenName",
  "surname",
  "department",
  "jobTitle",
  "companyName",
  "city",
  "country",
  "usageLocation",
] as const
export const MappedTarget = Schema.Literals(mappedTargets)
export type MappedTarget = typeof MappedTarget.Type

/** How one attribute of the copy comes about: from one of the home object, always the same, or never. */
export const AttributeMapping = Schema.Struct({
  target: MappedTarget,
  type: Schema.Literals(["Direct", "Constant", "None"]),
  /** Of the home object, for `Direct`; the attribute of the same name unless given. */
  source: Schema.optionalKey(Schema.NonEmptyString),
  /** For `Constant`. */
  value: Schema.optionalKey(Schema.String),
})
export type AttributeMapping = typeof AttributeMapping.Type

/** Somebody in scope: the lower-case address, and the id of the object here. */
export const SynchronizedPerson = Schema.Struct({ address: id, objectId: id })
export type SynchronizedPerson = typeof SynchronizedPerson.Type

/** A group in scope: its name at home, the id of the copy, and who is in it at home. */
export const SynchronizedGroup = Schema.Struct({
  displayName: id,
  objectId: id,
  members: Schema.Array(id),
})
export type SynchronizedGroup = typeof SynchronizedGroup.Type

/** Since when runs fail, and how often they have: the service looks more and more rarely. */
export const Quarantine = Schema.Struct({
  since: Schema.Number,
  failures: Schema.Int,
  code: Schema.String,
})
export type Quarantine = typeof Quarantine.Type

/** One job of cross-tenant synchronization: the home tenant pushes its users here (IDN-108). */
export const SynchronizationJob = Schema.Struct({
  homeTenant: id,
  scope: Schema.Array(SynchronizedPerson),
  /** Who was in scope once: an object that comes back keeps its id. */
  former: Schema.optionalKey(Schema.Array(SynchronizedPerson)),
  groups: Schema.optionalKey(Schema.Array(SynchronizedGroup)),
  formerGroups: Schema.optionalKey(Schema.Array(SynchronizedGroup)),
  /** What differs from the mappings that a new job has. */
  mappings: Schema.optionalKey(Schema.Array(AttributeMapping)),
  quarantine: Schema.optionalKey(Quarantine),
  nextRunAt: Schema.Number,
})
export type SynchronizationJob = typeof SynchronizationJob.Type

/** A job runs every 40 minutes: the service fixes that interval (Learn, cross-tenant synchronization). */
export const synchronizationMinutes = 40
/** In quarantine runs become rarer, down to one a day, and after four weeks the job is off (Learn). */
export const quarantineDays = 28

/** How long a job in quarantine waits: twice as long after each failure, a day at the longest. */
export const quarantineWait = (failures: number): number =>
  Math.min(minutes(synchronizationMinutes) * 2 ** Math.min(failures, 10), days(1))

/** The mappings of a job that nobody has changed: external members whom the address list shows. */
const standard: Readonly<Record<MappedTarget, AttributeMapping>> = {
  displayName: { target: "displayName", type: "Direct" },
  userType: { target: "userType", type: "Constant", value: "Member" },
  showInAddressList: { target: "showInAddressList", type: "Constant", value: "True" },
  givenName: { target: "givenName", type: "Direct" },
  surname: { target: "surname", type: "Direct" },
  department: { target: "department", type: "Direct" },
  jobTitle: { target: "jobTitle", type: "Direct" },
  companyName: { target: "companyName", type: "Direct" },
  city: { target: "city", type: "Direct" },
  country: { target: "country", type: "Direct" },
  usageLocation: { target: "usageLocation", type: "Direct" },
}

/** The mapping of an attribute: what the job says, else what every job has. */
export const mappingOf = (
  { mappings = [] }: Pick<SynchronizationJob, "mappings">,
  target: MappedTarget,
): AttributeMapping => mappings.find((it) => it.target === target) ?? standard[target]

/** An attribute of the home object by name; undefined where it is not on record. */
const homeAttribute = (person: Person, name: string): string | undefined => {
  if (name === "displayName") return person.displayName
  if (name === "mail") return person.address
  const { profile = {} } = person
  return Object.hasOwn(profile, name) ? profile[name] : undefined
}

/** A value that a mapping gives; undefined where it gives none and the copy keeps what it has. */
const mapped = (
  job: Pick<SynchronizationJob, "mappings">,
  person: Person,
  target: MappedTarget,
): string | undefined => {
  const mapping = mappingOf(job, target)
  switch (mapping.type) {
    case "None":
      return undefined
    case "Constant":
      return mapping.value
    case "Direct":
      return homeAttribute(person, mapping.source ?? target)
  }
}

/** What the copy of somebody looks like by the mappings of the job. */
export const attributesOf = (
  job: Pick<SynchronizationJob, "mappings">,
  person: Person,
): Pick<DirectoryUser, "displayName" | "userType" | "showInAddressList" | "profile"> => {
  const userType = mapped(job, person, "userType")
  const profile = mappedTargets.slice(3).flatMap((target): readonly [string, string][] => {
    const value = mapped(job, person, target)
    return value === undefined ? [] : [[target, value]]
  })
  return {
    displayName: mapped(job, person, "displayName") ?? person.address,
    userType: Schema.is(UserType)(userType) ? userType : "Member",
    showInAddressList: mapped(job, person, "showInAddressList")?.toLowerCase() !== "false",
    profile: Object.fromEntries(profile),
  }
}

/** What is wrong with a mapping; empty where nothing is. */
export const mappingProblem = (mappings: readonly AttributeMapping[]): string => {
  for (const { target, type, value } of mappings) {
    if (type === "Constant" && value === undefined) return `${target}: a constant needs a value.`
    if (target === "displayName" && type === "None") return "displayName has to be mapped."
    if (target === "userType" && type === "Constant" && !Schema.is(UserType)(value)) {
      return "userType: Member or Guest."
    }
    if (
      target === "showInAddressList" &&
      type === "Constant" &&
      !/^(true|false)$/i.test(value ?? "")
    ) {
      return "showInAddressList: True or False."
    }
  }
  const targets = mappings.map(({ target }) => target)
  const twice = targets.find((it, index) => targets.indexOf(it) !== index)
  return twice === undefined ? "" : `${twice} is mapped twice.`
}
