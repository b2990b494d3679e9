import { assert, describe, it } from "@effect/vitest"
import { memberUser } from "@twin/identity"
import { Effect } from "effect"
import { connectorLogIdentity, connectorOf, serviceRequestsOf } from "../../src/index.ts"
import { setService } from "../asking.ts"
import type { WorldEvent } from "../world.ts"
import { call, ivan, type Sim, simulate } from "./stage.ts"

const mta = "contoso\\exchange-servers"
/** An account that came from on premises, and an administrator in the directory. */
const synchronized: readonly WorldEvent[] = [
  {
    _tag: "UserCreated",
    user: memberUser({
      id: "on-premises",
      userPrincipalName: "kim@contoso.com",
      displayName: "Kim",
      onPremisesSyncEnabled: true,
    }),
  },
  {
    _tag: "UserCreated",
    user: memberUser({ id: "ivan", userPrincipalName: "ivan@contoso.com", displayName: "Ivan" }),
  },
  {
    _tag: "RoleAssigned",
    assignment: {
      principalId: "ivan",
      role: "Global Administrator",
      assignment: "active",
      from: 0,
    },
  },
]

const install = (sim: Sim, server: string, more: object = {}) =>
  Effect.map(
    call(sim, ivan, "install-rms-connector", { server, ...more }),
    ({ verdict, decision }) => (decision.outcome === "allow" ? "allow" : verdict),
  )

/** Steps 1 and 2 are done. */
const begun = Effect.fnUntraced(function* () {
  const sim = yield* simulate(synchronized)
  yield* call(sim, ivan, "Connect-AipService")
  yield* install(sim, "con1")
  yield* install(sim, "con2")
  yield* call(sim, ivan, "set-rms-connector-account", { account: "ivan@contoso.com" })
  return sim
})

/** All five steps, for one server of each kind. */
const ready = Effect.fnUntraced(function* () {
  const sim = yield* begun()
  yield* call(sim, ivan, "configure-rms-connector-availability", { address: "rms.contoso.com" })
  for (const [account, role] of [
    [mta, "Exchange"],
    ["contoso\\sharepoint", "SharePoint"],
  ] as const) {
    yield* call(sim, ivan, "authorize-connector-server", { account, role })
    yield* call(sim, ivan, "configure-server-for-connector", {
      account,
      product: role,
      edition: "2016",
    })
  }
  yield* call(sim, "alice@contoso.com", "protect-document", {
    file: "offer.docx",
    label: "Confidential",
  })
  return sim
})
const reads = (sim: Sim, account: string) =>
  call(sim, ivan, "open-through-connector", { account, file: "offer.docx" })

describe("the connector for servers on premises", () => {
  it.effect("[MIP-264] every prerequisite of a server is asked", () =>
    Effect.gen(function* () {
      const sim = yield* simulate(synchronized)
      const wrong = [
        [{ is64Bit: false }, "host-hardware"],
        [{ memoryGb: 0.5 }, "host-hardware"],
        [{ diskGb: 63 }, "host-hardware"],
        [{ isDomainMember: false }, "host-placement"],
        [{ isDomainController: true }, "host-placement"],
        [{ runs: ["Exchange"] }, "host-placement"],
        [{ runs: ["SharePoint"] }, "host-placement"],
        [{ runs: ["FCI"] }, "host-placement"],
        [{ hasInternet: false }, "host-network"],
        [{ hasAuthenticatingProxy: true }, "host-network"],
        [{ dotNet: "4.7.1" }, "host-software"],
        [{ hasTls12: false }, "host-software"],
      ] as const
      for (const [more, gate] of wrong) {
        assert.strictEqual(yield* install(sim, "con1", more), `deny by ${gate}`)
      }
      assert.isEmpty(connectorOf(yield* sim.world).hosts)
      const fits = { memoryGb: 1, diskGb: 64, dotNet: "4.7.2" }
      assert.strictEqual(yield* install(sim, "con1", fits), "allow")
    }),
  )

  it.effect("[MIP-264] the service is activated and the directory synchronized first", () =>
    Effect.gen(function* () {
      const alone = yield* simulate()
      assert.strictEqual(yield* install(alone, "con1"), "deny by directory-synchronization")
      const off = yield* simulate([...synchronized, setService({ functionalState: "Disabled" })])
      assert.strictEqual(yield* install(off, "con1"), "deny by rights-management-active")
    }),
  )

  it.effect(
    "[MIP-265] the credentials are those of an administrator, without a second factor",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate(synchronized)
        const sign = (account: string) =>
          Effect.map(
            call(sim, ivan, "set-rms-connector-account", { account }),
            ({ verdict }) => verdict,
          )
        assert.strictEqual(yield* sign("ivan@contoso.com"), "deny by connector-installed")
        yield* install(sim, "con1")
        assert.strictEqual(yield* sign("alice@contoso.com"), "deny by connector-administrator")
        assert.strictEqual(yield* sign("nobody@contoso.com"), "deny by connector-administrator")
        const factor = yield* simulate([
          ...synchronized,
          {
            _tag: "MfaMethodRegistered",
            userId: "ivan",
            method: "fido2",
            at: 0,
          },
        ])
        yield* install(factor, "con1")
        const asked = yield* call(factor, ivan, "set-rms-connector-account", {
          account: "ivan@contoso.com",
        })
        assert.strictEqual(asked.verdict, "deny by connector-without-second-factor")
      }),
  )

  it.effect("[MIP-265] an administrator of connectors is enough", () =>
    Effect.gen(function* () {
      const sim = yield* simulate(synchronized)
      yield* call(sim, ivan, "Connect-AipService")
      yield* install(sim, "con1")
      yield* call(sim, ivan, "Add-AipServiceRoleBasedAdministrator", {
        EmailAddress: "alice@contoso.com",
        Role: "ConnectorAdministrator",
      })
      const set = yield* call(sim, ivan, "set-rms-connector-account", {
        account: "alice@contoso.com",
      })
      assert.strictEqual(set.decision.outcome, "allow")
    }),
  )

  it.effect("[MIP-266] an onboarding policy that leaves the account out breaks the discovery", () =>
    Effect.gen(function* () {
      const sim = yield* simulate([
        ...synchronized,
        setService({
          onboarding: { useRmsUserLicense: false, securityGroupObjectId: "nobody", scope: "All" },
        }),
      ])
      yield* install(sim, "con1")
      const set = yield* call(sim, ivan, "set-rms-connector-account", {
        account: "ivan@contoso.com",
      })
      assert.strictEqual(set.verdict, "deny by connector-onboarding")
      assert.include(
        set.decision.gates.at(-1)?.refusal?.message ?? "",
        "discover the location of the administration service",
      )
    }),
  )

  it.effect("[MIP-264] [MIP-265] one server alone does not get an address", () =>
    Effect.gen(function* () {
      const sim = yield* simulate(synchronized)
      yield* install(sim, "con1")
      const place = Effect.map(
        call(sim, ivan, "configure-rms-connector-availability", { address: "rms.contoso.com" }),
        ({ verdict }) => verdict,
      )
      assert.strictEqual(yield* place, "deny by connector-signed-in")
      yield* call(sim, ivan, "set-rms-connector-account", { account: "ivan@contoso.com" })
      assert.strictEqual(yield* place, "deny by connector-hosts")
      yield* install(sim, "CON1")
      assert.strictEqual(yield* place, "deny by connector-hosts", "the same server again")
      yield* install(sim, "con2")
      assert.strictEqual(yield* place, "allow by connector-hosts")
    }),
  )

  it.effect("[MIP-265] no server is configured before the connector has an address", () =>
    Effect.gen(function* () {
      const sim = yield* begun()
      yield* call(sim, ivan, "authorize-connector-server", { account: mta, role: "Exchange" })
      const tell = yield* call(sim, ivan, "configure-server-for-connector", {
        account: mta,
        product: "Exchange",
        edition: "2016",
      })
      assert.strictEqual(tell.verdict, "deny by connector-address")
    }),
  )

  it.effect("[MIP-265] the five steps are shown with what is there", () =>
    Effect.gen(function* () {
      const sim = yield* ready()
      const steps = yield* call(sim, ivan, "check-rms-connector")
      assert.lengthOf(steps.output, 6)
      assert.isTrue(steps.output.every(({ done }) => done === true))
      const fresh = yield* simulate()
      const open = yield* call(fresh, ivan, "check-rms-connector")
      assert.deepStrictEqual(
        open.output.map(({ done }) => done),
        [true, false, false, false, false, false],
      )
    }),
  )

  it.effect("[MIP-264] serves the editions that are named, those of 2010 only in their time", () =>
    Effect.gen(function* () {
      const sim = yield* begun()
      yield* call(sim, ivan, "configure-rms-connector-availability", { address: "rms.contoso.com" })
      yield* call(sim, ivan, "authorize-connector-server", { account: mta, role: "Exchange" })
      const tell = (edition: string) =>
        Effect.map(
          call(sim, ivan, "configure-server-for-connector", {
            account: mta,
            product: "Exchange",
            edition,
          }),
          ({ decision }) => decision.outcome,
        )
      const answers = yield* Effect.forEach(["2007", "2010", "2013", "2016", "2019"], tell)
      assert.deepStrictEqual(answers, ["deny", "deny", "allow", "allow", "allow"])
    }),
  )

  it.effect("[MIP-266] a server that is not on the list is refused", () =>
    Effect.gen(function* () {
      const sim = yield* begun()
      yield* call(sim, ivan, "configure-rms-connector-availability", { address: "rms.contoso.com" })
      const tell = yield* call(sim, ivan, "configure-server-for-connector", {
        account: mta,
        product: "Exchange",
        edition: "2016",
      })
      assert.strictEqual(tell.verdict, "deny by connector-authorisation")
      assert.strictEqual((yield* reads(sim, mta)).verdict, "deny by connector-configured-server")
    }),
  )

  it.effect("[MIP-263] [MIP-266] relays for Exchange, a super user, under its own identity", () =>
    Effect.gen(function* () {
      const sim = yield* ready()
      const opened = yield* reads(sim, mta)
      assert.strictEqual(opened.decision.outcome, "allow")
      assert.strictEqual(opened.output[0]?.["via"], "rms.contoso.com")
      const last = serviceRequestsOf(yield* sim.world).at(-1)
      assert.strictEqual(last?.userId, connectorLogIdentity)
      assert.strictEqual(last?.actingAs, mta)
      const refused = yield* reads(sim, "contoso\\sharepoint")
      assert.strictEqual(refused.verdict, "deny by server-super-user")
    }),
  )

  it.effect("[MIP-263] does no cryptography: without the service's key it opens nothing", () =>
    Effect.gen(function* () {
      const sim = yield* ready()
      yield* call(sim, ivan, "switch-fault", { fault: "tenant-key-unreachable", on: true })
      assert.strictEqual((yield* reads(sim, mta)).verdict, "deny by tenant-key")
      yield* call(sim, ivan, "switch-fault", { fault: "tenant-key-unreachable", on: false })
      assert.strictEqual((yield* reads(sim, mta)).decision.outcome, "allow")
    }),
  )
})
