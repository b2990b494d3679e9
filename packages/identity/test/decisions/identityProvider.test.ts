import { assert, describe, it } from "@effect/vitest"
import { discoverProvider, type IdentityEvent, personOf } from "../../src/index.ts"
import { baseline, start, worldFrom } from "../world.ts"

const otp = (state: "enabled" | "disabled" | "default"): IdentityEvent => ({
  _tag: "EmailOtpSet",
  state,
  at: start,
})
const google: IdentityEvent = { _tag: "GoogleFederationSet", isOn: true, at: start }
const redemption = (
  order: readonly ("azureActiveDirectory" | "externalFederation" | "socialIdentityProviders")[],
  fallback: "defaultConfiguredIdp" | "emailOneTimePasscode" | "microsoftAccount",
): IdentityEvent => ({
  _tag: "CrossTenantDefaultUpdated",
  changes: {
    invitationRedemptionIdentityProviderConfiguration: {
      primaryIdentityProviderPrecedenceOrder: order,
      fallbackIdentityProvider: fallback,
    },
  },
  at: start,
})

const discovered = (address: string, events: readonly IdentityEvent[] = [], now = start) => {
  const world = worldFrom([...baseline, ...events])
  const person = personOf(world, address)
  return person === undefined ? "nobody" : discoverProvider(world, person, now)
}

describe("discovery of the identity provider", () => {
  it("[IDN-033] [IDN-048] takes Entra, then Google where federated, then Microsoft, then the passcode", () => {
    assert.strictEqual(discovered("nina@fabrikam.com"), "azureActiveDirectory")
    assert.strictEqual(discovered("zoe@outlook.com"), "microsoftAccount")
    assert.strictEqual(discovered("gus@gmail.com", [google]), "google")
    assert.strictEqual(discovered("gus@gmail.com"), "emailOneTimePasscode")
    assert.strictEqual(discovered("pat@mailbox.example"), "emailOneTimePasscode")
  })

  it("[IDN-033] [IDN-055] without the passcode a Microsoft account has to be made", () => {
    assert.strictEqual(
      discovered("pat@mailbox.example", [otp("disabled")]),
      "createMicrosoftAccount",
    )
    assert.strictEqual(discovered("zoe@outlook.com", [otp("disabled")]), "microsoftAccount")
  })

  it("[IDN-036] not with an address of a domain that an organization owns", () => {
    const temp: IdentityEvent = {
      _tag: "PersonAdded",
      person: {
        address: "temp@fabrikam.com",
        displayName: "Temp",
        account: "mail-only",
        aliases: [],
      },
    }
    assert.strictEqual(discovered("temp@fabrikam.com", [temp, otp("disabled")]), "none")
  })

  it("[IDN-068] somebody whom the partner did not synchronize gets a passcode", () => {
    const temp: IdentityEvent = {
      _tag: "PersonAdded",
      person: {
        address: "temp@fabrikam.com",
        displayName: "Temp",
        account: "mail-only",
        aliases: [],
      },
    }
    assert.strictEqual(discovered("temp@fabrikam.com", [temp]), "emailOneTimePasscode")
  })

  it("[IDN-062] Google federation covers gmail.com and googlemail.com, not other domains of Google", () => {
    const workspace: IdentityEvent = {
      _tag: "PersonAdded",
      person: { address: "g@startup.example", displayName: "G", account: "google", aliases: [] },
    }
    assert.strictEqual(discovered("g@startup.example", [google, workspace]), "emailOneTimePasscode")
  })

  it("[IDN-051] [IDN-052] 'default' means on since October 2021 and off before", () => {
    const before = Date.UTC(2021, 8, 30)
    const after = Date.UTC(2021, 9, 1)
    assert.strictEqual(discovered("pat@mailbox.example", [], before), "createMicrosoftAccount")
    assert.strictEqual(discovered("pat@mailbox.example", [], after), "emailOneTimePasscode")
    assert.strictEqual(
      discovered("pat@mailbox.example", [otp("enabled")], before),
      "emailOneTimePasscode",
    )
  })

  it("[IDN-037] [IDN-038] the configured order and fallback decide", () => {
    assert.strictEqual(
      discovered("nina@fabrikam.com", [redemption([], "defaultConfiguredIdp")]),
      "emailOneTimePasscode",
    )
    assert.strictEqual(
      discovered("zoe@outlook.com", [redemption(["azureActiveDirectory"], "emailOneTimePasscode")]),
      "emailOneTimePasscode",
    )
    assert.strictEqual(
      discovered("pat@mailbox.example", [redemption([], "microsoftAccount")]),
      "createMicrosoftAccount",
    )
  })
})
