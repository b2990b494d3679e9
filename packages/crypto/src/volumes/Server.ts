import { Schema } from "effect"
import type { Workload } from "../Workload.ts"

/** What a server of the service does: decides which copies of its keys there are (CRY-013). */
export const ServerRole = Schema.Literals(["ExchangeMailbox", "SharePoint", "SkypeForBusiness"])
export type ServerRole = typeof ServerRole.Type

/** A machine with disks for customer data. */
export interface Server {
  readonly server: string
  readonly role: ServerRole
  readonly disks: readonly string[]
}

const server = (name: string, role: ServerRole, disks: readonly string[]): Server => ({
  server: name,
  role,
  disks,
})

/** Small, but with each role, and with a second machine that holds a copy. */
export const servers: readonly Server[] = [
  server("exo-nam01-mbx01", "ExchangeMailbox", ["disk1", "disk2"]),
  server("exo-nam01-mbx02", "ExchangeMailbox", ["disk1", "disk2"]),
  server("spo-nam01-content01", "SharePoint", ["disk1", "disk2"]),
  server("odb-nam01-content01", "SharePoint", ["disk1", "disk2"]),
  server("sfb-nam01-fe01", "SkypeForBusiness", ["disk1"]),
]

export const serverNamed = (name: string): Server | undefined =>
  servers.find((it) => it.server === name.toLowerCase())

/** `server/disk`: one volume for each disk. */
export const volumeIds: readonly string[] = servers.flatMap((it) =>
  it.disks.map((disk) => `${it.server}/${disk}`),
)

export const serverOfVolume = (volumeId: string): Server | undefined =>
  serverNamed(volumeId.split("/")[0] ?? "")

/** Other workloads keep their data in Azure Storage, which encrypts in its own way (CRY-008). */
const roleFor: Partial<Record<Workload, ServerRole>> = {
  Exchange: "ExchangeMailbox",
  SharePoint: "SharePoint",
}

/**
 * The volumes that hold a copy of an object: one disk of each server of its workload. Which disk is
 * a twin's choice by name alone, so that an object stays where it is.
 */
export const volumesHolding = (workload: Workload, objectId: string): readonly string[] =>
  servers
    .filter((it) => it.role === roleFor[workload])
    .map((it) => `${it.server}/${it.disks[spread(objectId) % it.disks.length] ?? ""}`)

/** An even number for each name; only its evenness matters. */
const spread = (text: string): number => {
  let sum = 7
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521
  return sum
}
