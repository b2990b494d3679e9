import { type CryptoEvent, type CryptoServices, cryptoDomain, memoryServices } from "@twin/crypto"
import {
  type Actor,
  type CallResult,
  type Client,
  compose,
  decidingGate,
  defaultClient,
  instant,
  type KernelEvent,
  kernelDomain,
  type Mail,
  mailboxOf,
  makeSimulation,
  type Simulation,
} from "@twin/kernel"
import { Effect } from "effect"
import {
  allowedForAll,
  assignedGroup,
  type IdentityEvent,
  type IdentityWorld,
  identityDomain,
  memberUser,
  personOf,
  rolesOf,
  untouchedPolicy,
  userOf,
} from "../src/index.ts"

export const start = instant("2026-09-01T08:00:00Z")
export const contosoId = "c0000000-0000-4000-8000-000000000001"
export const fabrikamId = "f0000000-0000-4000-8000-000000000002"
export const userId = (name: string) => `${name}-0000-4000-8000-000000000000`

const member = (
  name: string,
  rest: Partial<Parameters<typeof memberUser>[0]> = {},
): IdentityEvent => ({
  _tag: "UserCreated",
  user: memberUser({
    id: userId(name),
    userPrincipalName: `${name}@contoso.com`,
    displayName: name,
    createdAt: start,
    ...rest,
  }),
})

const role = (name: string, held: string): IdentityEvent => ({
  _tag: "RoleAssigned",
  assignment: { principalId: userId(name), role: held, assignment: "active", from: start },
})

const outsider = (
  address: string,
  account: "entra" | "microsoft-account" | "google" | "mail-only",
  aliases: readonly string[] = [],
): IdentityEvent => ({
  _tag: "PersonAdded",
  person: {
    address,
    displayName: address,
    account,
    aliases,
    ...(account === "entra" ? { homeTenant: fabrikamId, objectId: `home-${address}` } : {}),
  },
})

/** Contoso with a few people, Fabrikam as partner, and one outsider of each kind. */
export const baseline: readonly IdentityEvent[] = [
  {
    _tag: "OrganizationCreated",
    organization: {
      tenantId: contosoId,
      displayName: "Contoso",
      initialDomain: "contoso.onmicrosoft.com",
      verifiedDomains: ["contoso.com", "contoso.onmicrosoft.com"],
      createdAt: start,
    },
  },
  {
    _tag: "ForeignOrganizationAdded",
    organization: {
      tenantId: fabrikamId,
      displayName: "Fabrikam",
      initialDomain: "fabrikam.onmicrosoft.com",
      verifiedDomains: ["fabrikam.com"],
      crossTenantAccess: untouchedPolicy,
    },
  },
  member("alice", { profile: { department: "Finance" } }),
  member("bob", { mfaMethods: ["authenticatorPush"] }),
  member("grace"),
  role("grace", "SharePoint Administrator"),
  member("ivan"),
  role("ivan", "Global Administrator"),
  member("ursula"),
  role("ursula", "User Administrator"),
  member("gina"),
  role("gina", "Groups Administrator"),
  member("carl"),
  role("carl", "Conditional Access Administrator"),
  outsider("nina@fabrikam.com", "entra", ["nina.alias@fabrikam.com"]),
  outsider("oscar@fabrikam.com", "entra"),
  outsider("zoe@outlook.com", "microsoft-account", ["zoe.alias@outlook.com"]),
  outsider("gus@gmail.com", "google"),
  outsider("pat@mailbox.example", "mail-only"),
  {
    _tag: "GroupCreated",
    group: assignedGroup({
      id: "partners",
      displayName: "Partners",
      mail: "partners@contoso.com",
      createdAt: start,
    }),
  },
]

export type WorldEvent = CryptoEvent | IdentityEvent | KernelEvent

export const composition = compose<IdentityWorld, WorldEvent, CryptoServices>([
  kernelDomain([...cryptoDomain.faults, ...identityDomain.faults]),
  cryptoDomain,
  identityDomain,
])

export const worldFrom = (events: readonly IdentityEvent[]): IdentityWorld =>
  events.reduce(composition.evolve, composition.initial)

export interface Lab {
  readonly simulation: Simulation<IdentityWorld, WorldEvent, CryptoServices>
  /** Acts as somebody by first name or address, with the roles in force at this moment. */
  readonly as: (
    who: string,
    operation: string,
    params?: unknown,
    client?: Partial<Client>,
  ) => Effect.Effect<CallResult>
  readonly mailbox: (owner: string) => Effect.Effect<readonly Mail[]>
  readonly world: Effect.Effect<IdentityWorld>
  readonly wait: (millis: number) => Effect.Effect<unknown>
  /** Switches a fault on or off. */
  readonly fault: (name: string, on?: boolean) => Effect.Effect<unknown>
}

const addressOf = (who: string): string => (who.includes("@") ? who : `${who}@contoso.com`)

export const actorIn = (
  world: IdentityWorld,
  who: string,
  now: number,
  client: Partial<Client> = {},
): Actor => {
  const address = addressOf(who)
  const user = userOf(world, address)
  const id = personOf(world, address)?.address ?? address
  return {
    id,
    kind: user === undefined ? "external" : user.userType === "Guest" ? "guest" : "member",
    roles: rolesOf(world, address, now),
    client: { ...defaultClient, ...client },
  }
}

/** A simulation that starts with the baseline and more events; failures of the test die. */
export const lab = (
  more: readonly IdentityEvent[] = [],
  options: { readonly now?: number; readonly seed?: string } = {},
): Effect.Effect<Lab> =>
  Effect.gen(function* () {
    const simulation = yield* makeSimulation({
      composition,
      seed: options.seed ?? "identity",
      start: options.now ?? start,
      services: yield* memoryServices,
    })
    yield* Effect.orDie(simulation.establish("baseline", [...baseline, ...more]))
    return {
      simulation,
      as: Effect.fnUntraced(function* (who, operation, params = {}, client = {}) {
        const actor = actorIn(yield* simulation.world, who, yield* simulation.now, client)
        return yield* Effect.orDie(simulation.call(actor, operation, params))
      }),
      mailbox: (owner) =>
        Effect.map(Effect.all([Effect.orDie(simulation.mails), simulation.now]), ([mails, now]) =>
          mailboxOf(mails, owner, now),
        ),
      world: simulation.world,
      wait: (millis) => Effect.orDie(simulation.advance(millis)),
      fault: Effect.fnUntraced(function* (name, on = true) {
        const actor = actorIn(yield* simulation.world, "ivan", yield* simulation.now)
        return yield* Effect.orDie(simulation.call(actor, "switch-fault", { fault: name, on }))
      }),
    }
  })

/** Outcome and deciding gate in one word, e.g. `deny invite-policy`. */
export const verdict = ({ decision }: Pick<CallResult, "decision">): string =>
  decision.outcome === "allow" ? "allow" : `${decision.outcome} ${decidingGate(decision).name}`

/** The code of the refusal, or its message where it has none. */
export const refusal = ({ decision }: Pick<CallResult, "decision">): string => {
  const { refusal: said } = decidingGate(decision)
  return said === undefined ? "" : (said.code ?? said.message)
}

export const codeIn = (mails: readonly Mail[]): string => mails.at(-1)?.code ?? "no code"
export const linkIn = (mails: readonly Mail[]): string => mails.at(-1)?.link ?? "no link"

/** Invites somebody and returns the link of the mail. */
export const invited = Effect.fnUntraced(function* (it: Lab, address: string, by = "alice") {
  const result = yield* it.as(by, "invite-guest", { address })
  if (result.decision.outcome !== "allow") {
    return yield* Effect.die(new Error(`not invited: ${verdict(result)}`))
  }
  return linkIn(yield* it.mailbox(address))
})

/** Asks for a passcode and enters it. */
export const withPasscode = Effect.fnUntraced(function* (it: Lab, address: string) {
  yield* it.as(address, "request-passcode")
  return yield* it.as(address, "enter-passcode", { code: codeIn(yield* it.mailbox(address)) })
})

/** A guest who has redeemed, by whatever way the address takes. */
export const accepted = Effect.fnUntraced(function* (it: Lab, address: string) {
  const link = yield* invited(it, address)
  if (address.endsWith(".example")) yield* withPasscode(it, address)
  const result = yield* it.as(address, "redeem-invitation", { link })
  if (result.decision.outcome !== "allow") {
    return yield* Effect.die(new Error(`not redeemed: ${verdict(result)}`))
  }
  return result
})

/** Fabrikam's own side of cross-tenant access. */
export const fabrikamOutbound = (
  outbound: typeof allowedForAll,
  rest: { readonly outboundConsent?: boolean } = {},
): IdentityEvent => ({
  _tag: "ForeignCrossTenantAccessSet",
  tenantId: fabrikamId,
  crossTenantAccess: {
    ...untouchedPolicy,
    partners: {
      [contosoId]: {
        tenantId: contosoId,
        b2bCollaborationOutbound: outbound,
        ...(rest.outboundConsent === undefined
          ? {}
          : {
              automaticUserConsentSettings: {
                inboundAllowed: false,
                outboundAllowed: rest.outboundConsent,
              },
            }),
      },
    },
  },
  at: start,
})

/** A text of the first row that an operation printed; empty where there is none. */
export const printed = ({ output }: Pick<CallResult, "output">, property = "Id"): string => {
  const value = output[0]?.[property]
  return typeof value === "string" ? value : ""
}
