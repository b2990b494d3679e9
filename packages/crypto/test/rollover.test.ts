import { assert, describe, it } from "@effect/vitest"
import { defaultEra } from "@twin/kernel"
import { Effect, Schema } from "effect"
import {
  issueUseLicence,
  openAtRest,
  openEnvelope,
  protectBytes,
  sealAtRest,
  servicePrincipals,
} from "../src/index.ts"
import { ivan, startTwin, type Twin, textOf } from "./harness.ts"
import { elevated, responder } from "./volumes/disk.ts"

const principal = "nina@contoso.com"
const at = defaultEra

const protect = (twin: Twin, text: string) =>
  twin.run((world) =>
    protectBytes(world, {
      contentId: text,
      plaintext: Buffer.from(text),
      policy: { contentId: text, owner: "a@x", issuedAt: at, grants: [] },
    }).pipe(Effect.map(({ bytes }) => bytes)),
  )
const open = (twin: Twin, bytes: Uint8Array) =>
  twin.run((world) =>
    Effect.gen(function* () {
      const wish = { bytes, principal, rights: ["VIEW"], validUntil: at + 9, now: at }
      const licence = yield* issueUseLicence(world, wish)
      const opened = yield* openEnvelope(world, { bytes, licence, principal, now: at })
      return Buffer.from(opened).toString("utf8")
    }),
  )

/** A tenant with Microsoft's key and two of its own. */
const withThreeKeys = Effect.gen(function* () {
  const twin = yield* startTwin("rekey")
  const vault = { Name: "contoso-byok", Location: "w", SubscriptionId: "s", Sku: "Premium" }
  yield* twin.allow(ivan, "New-AzKeyVault", vault)
  const VaultName = vault.Name
  yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", {
    VaultName,
    ServicePrincipalName: servicePrincipals.RightsManagement,
    PermissionsToKeys: ["get", "decrypt", "sign"],
  })
  for (const Name of ["first", "second"]) {
    const key = { VaultName, Name, Destination: "HSM" }
    const [added] = yield* twin.allow(ivan, "Add-AzKeyVaultKey", key)
    const wish = { KeyVaultKeyUrl: textOf(added, "Id") }
    yield* twin.allow(ivan, "Use-AipServiceKeyVaultKey", wish)
  }
  const keys = yield* twin.allow(ivan, "Get-AipServiceKeys", {})
  return { twin, identifiers: keys.map((row) => textOf(row, "KeyIdentifier")) }
})

const choices = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 }))).check(
  Schema.isMaxLength(6),
)

/** What may happen to machines and disks without anybody deleting keys. */
const accidents = [
  ["replace-tpm", { server: "exo-nam01-mbx01" }],
  ["reinstall-server", { server: "exo-nam01-mbx01" }],
  ["move-disk", { volume: "exo-nam01-mbx01/disk1", machine: "repair-shop" }],
  ["move-disk", { volume: "exo-nam01-mbx01/disk1", machine: "exo-nam01-mbx01" }],
  ["recover-volumes", { server: "exo-nam01-mbx01" }],
  ["unlock-volume", { volume: "exo-nam01-mbx01/disk1", protector: "TPM" }],
] as const

describe("nothing is lost on the way", () => {
  it.effect.prop(
    "[CRY-141] any order of rekeys: exactly one key is active, and all content opens",
    { choices },
    ({ choices: order }) =>
      Effect.gen(function* () {
        const { twin, identifiers } = yield* withThreeKeys
        const made = [yield* protect(twin, "before")]
        const texts = ["before"]
        for (const [index, choice] of order.entries()) {
          const KeyIdentifier = identifiers[choice] ?? ""
          yield* twin.allow(ivan, "Set-AipServiceKeyProperties", { KeyIdentifier, Active: true })
          const keys = yield* twin.allow(ivan, "Get-AipServiceKeys", {})
          const active = keys.filter((row) => row["Status"] === "Active")
          assert.deepStrictEqual(
            active.map((row) => textOf(row, "KeyIdentifier")),
            [KeyIdentifier],
          )
          made.push(yield* protect(twin, `content ${index}`))
          texts.push(`content ${index}`)
        }
        for (const [index, bytes] of made.entries()) {
          assert.strictEqual(yield* open(twin, bytes), texts[index])
        }
      }),
    { arbitrary: { runs: 15 } },
  )

  it.effect.prop(
    "[CRY-014] [CRY-016] whatever happens to a machine, the service reads and a recovery key opens",
    {
      order: Schema.Array(
        Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: accidents.length - 1 })),
      ).check(Schema.isMaxLength(12)),
    },
    ({ order }) =>
      Effect.gen(function* () {
        const twin = yield* startTwin("accidents")
        const plaintext = Buffer.from("still here")
        const mail = { workload: "Exchange", container: "a@x", objectId: "m", plaintext } as const
        yield* twin.store((world) => sealAtRest(world, mail))
        for (const step of order) {
          const [operation, params] = accidents[step] ?? accidents[0]
          yield* twin.call(responder, operation, params)
        }
        const read = yield* twin.run((world) => openAtRest(world, "m"))
        assert.strictEqual(Buffer.from(read).toString("utf8"), "still here")
        for (const protector of ["ExternalKey", "NumericalPassword"]) {
          const params = { volume: "exo-nam01-mbx01/disk1", protector }
          yield* twin.allow(elevated, "unlock-volume", params)
        }
        const [seen] = yield* twin.allow(elevated, "inspect-volume", {
          volume: "exo-nam01-mbx01/disk1",
          contains: "still here",
        })
        assert.deepInclude(seen, { isLocked: false, containsText: false })
      }),
    { arbitrary: { runs: 40 } },
  )
})
