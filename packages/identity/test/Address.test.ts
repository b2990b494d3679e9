import { assert, describe, it } from "@effect/vitest"
import {
  addressDefect,
  addressOfProxy,
  domainOf,
  guestUserPrincipalName,
  primarySmtpOf,
} from "../src/index.ts"

describe("Address", () => {
  it("[IDN-002] names a guest after the invited address and the tenant's initial domain", () => {
    assert.strictEqual(
      guestUserPrincipalName("User@Contoso.com", "fabrikam.onmicrosoft.com"),
      "user_contoso.com#EXT#@fabrikam.onmicrosoft.com",
    )
  })

  it("[IDN-018] takes periods, hyphens and underscores where they are allowed", () => {
    for (const address of ["a.b@x.com", "a-b@x.com", "_a_@x.com", "a@x-y.co.uk", "o_o@x.com"]) {
      assert.isUndefined(addressDefect(address), address)
    }
  })

  it.each([
    ...'~!#$%^&*()+=[]{}\\/|;:"<>?,'.split("").map((char) => `a${char}b@x.com`),
    ".a@x.com",
    "a.@x.com",
    "-a@x.com",
    "a-@x.com",
    "a b@x.com",
    "a@b@x.com",
    "nobody",
    "@x.com",
    "a@",
    "a@localhost",
    "",
  ])("[IDN-018] refuses to invite %j", (address) => {
    assert.isDefined(addressDefect(address))
  })

  it("[IDN-095] reads the primary address and the aliases of a mailbox", () => {
    const proxies = ["smtp:old@x.com", "SMTP:New@x.com", "X500:/o=x"]
    assert.strictEqual(primarySmtpOf(proxies), "new@x.com")
    assert.strictEqual(primarySmtpOf(["smtp:old@x.com"]), "")
    assert.deepStrictEqual(proxies.slice(0, 2).map(addressOfProxy), ["old@x.com", "new@x.com"])
    assert.strictEqual(domainOf("A@X.Com"), "x.com")
    assert.strictEqual(domainOf("nobody"), "")
  })
})
