import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { DeviceFilter } from "../../src/index.ts"
import { lab, refusal, verdict } from "../world.ts"
import { added, alice, asked, block, nina, policy, trust } from "./policies.ts"

const filtered = (mode: DeviceFilter["mode"], rule: string) =>
  block({ conditions: { deviceFilter: { mode, rule } } })
const blocked = "deny conditional-access-block"
const hub = { device: { model: "Surface Hub", trustType: "ServerAD" } }

describe("a filter for devices", () => {
  it("[IDN-168] includes or excludes the devices that its rule matches", () => {
    const rule = 'device.model -startsWith "surface"'
    assert.strictEqual(alice([filtered("include", rule)], hub), blocked)
    assert.strictEqual(alice([filtered("exclude", rule)], hub), "allow")
    const other = { device: { model: "Laptop" } }
    assert.strictEqual(alice([filtered("include", rule)], other), "allow")
    assert.strictEqual(alice([filtered("exclude", rule)], other), blocked)
  })

  it("[IDN-168] knows compliance from the client, and joins its parts by and, or", () => {
    const rule = 'device.isCompliant -eq True -and device.trustType -in ["ServerAD","AzureAD"]'
    assert.strictEqual(alice([filtered("include", rule)], hub), blocked)
    const bare = { ...hub, using: { device: "unmanaged" } } as const
    assert.strictEqual(alice([filtered("include", rule)], bare), "allow")
  })

  it("[IDN-168] a device without values fits negative operators only", () => {
    assert.strictEqual(alice([filtered("include", 'device.model -eq "x"')]), "allow")
    assert.strictEqual(alice([filtered("include", 'device.model -ne "x"')]), blocked)
  })

  it("[IDN-168] sees an outsider's device only where its claims are trusted", () => {
    const events = [nina, filtered("include", 'device.model -eq "Surface Hub"')]
    const ask = (more: readonly Parameters<typeof asked>[1][number][]) =>
      verdict(asked("nina@fabrikam.com", [...events, ...more], hub))
    assert.strictEqual(ask([]), "allow")
    assert.strictEqual(ask([trust({ isMfaAccepted: true })]), "allow")
    assert.strictEqual(ask([trust({ isCompliantDeviceAccepted: true })]), blocked)
    assert.strictEqual(ask([trust({ isHybridAzureADJoinedDeviceAccepted: true })]), blocked)
  })

  it("[IDN-169] a device that says how it is joined satisfies hybrid join, or fails it", () => {
    const joined = added(policy("Joined", { builtInControls: ["domainJoinedDevice"] }))
    assert.strictEqual(alice([joined], hub), "allow")
    const registered = asked("alice@contoso.com", [joined], { device: { trustType: "Workplace" } })
    assert.strictEqual(refusal(registered), "AADSTS53001")
  })

  it.effect("[IDN-168] is refused where it cannot be read, with the position", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const make = (rule: string) =>
        it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
          DisplayName: "Filter",
          State: "enabled",
          Conditions: {
            users: { includeUsers: ["All"] },
            applications: { includeApplications: ["All"] },
            devices: { deviceFilter: { mode: "include", rule } },
          },
          GrantControls: { operator: "OR", builtInControls: ["block"] },
        })
      for (const rule of ["x", 'device.colour -eq "red"', 'user.city -eq "Rome"', "device.model"]) {
        const refused = yield* make(rule)
        assert.strictEqual(verdict(refused), "deny device-filter")
        assert.match(refused.decision.gates.at(-1)?.refusal?.message ?? "", /at character \d+$/)
      }
      assert.strictEqual(verdict(yield* make('device.trustType -ne "AzureAD"')), "allow")
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in", hub)), blocked)
    }),
  )
})
