import {
  engineerActor,
  engineerOf,
  engineersOf,
  liveAccountsOf,
  secureWorkstation,
} from "@twin/datacenter"
import { peopleOf, personOf, rolesOf, userKindOf, userOf } from "@twin/identity"
import { type Actor, type Client, defaultClient, nearest, systemActor } from "@twin/kernel"
import { Effect } from "effect"
import { WhoUnknown } from "./Errors.ts"
import type { TenantWorld } from "./TenantWorld.ts"

interface Who {
  readonly world: TenantWorld
  /** An address, a first name or alias, an engineer, `anonymous` or `system`. */
  readonly who: string
  readonly using: Partial<Client>
  readonly now: number
}

/** Who somebody is at this moment. Names are looked up without case. */
export const actorNamed = ({ world, who, using, now }: Who): Effect.Effect<Actor, WhoUnknown> => {
  const name = who.trim().toLowerCase()
  const client = { ...defaultClient, ...using }
  if (name === "system") return Effect.succeed({ ...systemActor, client })
  if (name === "anonymous") {
    return Effect.succeed({ id: "anonymous", kind: "anonymous", roles: [], client })
  }
  const address = addressFor(world, name)
  if (address !== undefined) return Effect.succeed(personActor(world, address, client, now))
  const engineer = engineerOf(world, name)
  if (engineer !== undefined) {
    const actor = engineerActor(engineer.id, { ...secureWorkstation, ...using })
    // Nobody holds standing access: what roles there are come from elevations that run now.
    const roles = liveAccountsOf(world, engineer.id, now).map(({ role }) => role)
    return Effect.succeed({ ...actor, roles })
  }
  const aliases = whoIsThere(world).map(aliasOf)
  return Effect.fail(new WhoUnknown({ name: who, suggestions: nearest(name, aliases) }))
}

/** Everybody who can be named: people by address, engineers, and whoever holds a link. */
export const whoIsThere = (world: TenantWorld): readonly string[] => [
  ...peopleOf(world).map((it) => it.address),
  ...engineersOf(world).map((it) => it.id),
  "anonymous",
]

const aliasOf = (address: string): string => address.split("@")[0] ?? address

/** The address that a full address or an unambiguous alias means. */
const addressFor = (world: TenantWorld, name: string): string | undefined => {
  if (name.includes("@")) {
    return personOf(world, name)?.address ?? userOf(world, name)?.userPrincipalName.toLowerCase()
  }
  const matches = aliasesOf(world).get(name)
  return matches?.length === 1 ? matches[0] : undefined
}

/** Addresses by alias. People change far less often than somebody is named: kept for each directory. */
const aliasesOf = (world: TenantWorld): ReadonlyMap<string, readonly string[]> => {
  const known = indexes.get(world.identity)
  if (known !== undefined) return known
  const index = new Map<string, string[]>()
  for (const { address } of peopleOf(world)) {
    const alias = aliasOf(address)
    index.set(alias, [...(index.get(alias) ?? []), address])
  }
  indexes.set(world.identity, index)
  return index
}

const indexes = new WeakMap<TenantWorld["identity"], ReadonlyMap<string, readonly string[]>>()

const personActor = (world: TenantWorld, address: string, client: Client, now: number): Actor => {
  const user = userOf(world, address)
  const isMember = user !== undefined && userKindOf(user).endsWith("member")
  return {
    id: address,
    kind: user === undefined ? "external" : isMember ? "member" : "guest",
    roles: user === undefined ? [] : rolesOf(world, user.id, now),
    client,
  }
}
