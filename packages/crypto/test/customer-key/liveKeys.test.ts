import { assert, layer } from "@effect/vitest"
import { systemActor } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { keyUri } from "../../src/customer-key/AzureKeyVault.ts"
import { KeyVault, keysOfKind, openAtRest, sealAtRest, servicePrincipals } from "../../src/index.ts"
import { heidi, ivan, judy, type Twin, textOf } from "../harness.ts"
import { KeyModel, type Place, principals, Step } from "./keyModel.ts"
import { liftRetention, mail, makeKey, Prepared, plaintext, withSites } from "./prepared.ts"

const vaults = ["contoso-ck-a1", "contoso-ck-b1"] as const
const hour = 3_600_000
const objects: Readonly<Record<Place, string>> = {
  mail,
  bob: "mail of bob@contoso.com",
  file: "plan.docx",
}
const policies: Readonly<Record<Place, string>> = {
  mail: "Legal mailboxes",
  bob: "All",
  file: "SharePoint and OneDrive",
}
const alice = "alice@contoso.com"

/** Alice under a mailbox policy, Bob under the tenant's, files under the geo's; everything may be purged. */
const start = Effect.gen(function* () {
  const { twin, uris } = yield* withSites
  yield* liftRetention(twin)
  for (const VaultName of vaults) {
    const PermissionsToKeys = ["get", "create", "update", "delete", "recover", "purge"]
    yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", {
      VaultName,
      UserPrincipalName: ivan.id,
      PermissionsToKeys,
    })
  }
  const mine = { Identity: alice, DataEncryptionPolicy: policies.mail }
  yield* twin.allow(heidi, "Set-Mailbox", mine)
  const all = { DataEncryptionPolicy: policies.bob }
  yield* twin.allow(judy, "Set-M365DataAtRestEncryptionPolicyAssignment", all)
  return { twin, uris }
})

/** One attempt; whether the twin allowed it. */
const attempt = Effect.fnUntraced(function* (
  twin: Twin,
  who: typeof ivan,
  operation: string,
  params: object,
) {
  const { decision } = yield* twin.call(who, operation, params)
  return decision.outcome === "allow"
})

type Take = (
  twin: Twin,
  model: KeyModel,
  versions: readonly string[][],
  step: Step,
) => ReturnType<typeof attempt> extends Effect.Effect<boolean, infer E, infer R>
  ? Effect.Effect<void, E, R>
  : never

/** Does the step to the twin, and to the model what the step says, if the twin allowed it. */
const take: Take = Effect.fnUntraced(function* (
  twin: Twin,
  model: KeyModel,
  versions: readonly string[][],
  step: Step,
) {
  const at = "vault" in step ? step.vault : 0
  const VaultName = vaults[at]
  const key = { VaultName, Name: "root" }
  const vault = model.vaults[at]
  const by = (operation: string, params: object) => attempt(twin, ivan, operation, params)
  switch (step.act) {
    case "disable":
    case "enable": {
      const Enable = step.act === "enable"
      // The version that mail hangs on, which need not be the newest.
      const version = model.places.mail.roots?.[at] ?? vault.newest
      const Version = versions[at]?.[version]
      if (yield* by("Update-AzKeyVaultKey", { ...key, Version, Enable })) {
        if (Enable) vault.disabled.delete(version)
        else vault.disabled.add(version)
      }
      return
    }
    case "delete":
      if (yield* by("Remove-AzKeyVaultKey", key)) vault.key = "deleted"
      return
    case "recover":
      if (yield* by("Undo-AzKeyVaultKeyRemoval", key)) vault.key = "alive"
      return
    case "purge":
      if (yield* by("Remove-AzKeyVaultKey", { ...key, InRemovedState: true })) vault.key = "purged"
      return
    case "expire":
      // Whatever the date: what is old opens again (CRY-058).
      yield* by("Update-AzKeyVaultKey", { ...key, Expires: "2020-01-01" })
      return
    case "version": {
      if (vault.key === "purged") return
      const { output, decision } = yield* twin.call(ivan, "Add-AzKeyVaultKey", {
        ...key,
        Destination: "HSM",
        KeyOps: ["wrapKey", "unwrapKey"],
      })
      if (decision.outcome !== "allow") return
      versions[at]?.push(textOf(output[0], "Version"))
      vault.newest += 1
      return
    }
    case "vault-delete":
      if (yield* by("Remove-AzKeyVault", { VaultName })) vault.isDeleted = true
      return
    case "vault-recover":
      if (yield* by("Undo-AzKeyVaultRemoval", { VaultName })) vault.isDeleted = false
      return
    case "revoke":
    case "grant": {
      const ServicePrincipalName = servicePrincipals[principals[step.place]]
      const PermissionsToKeys = step.act === "grant" ? ["get", "wrapKey", "unwrapKey"] : ["get"]
      const params = { VaultName, ServicePrincipalName, PermissionsToKeys }
      if (!(yield* by("Set-AzKeyVaultAccessPolicy", params))) return
      if (step.act === "grant") vault.permitted.add(step.place)
      else vault.permitted.delete(step.place)
      return
    }
    case "revoke-both":
    case "grant-both": {
      const act = step.act === "revoke-both" ? "revoke" : "grant"
      for (const one of [0, 1] as const) {
        yield* take(twin, model, versions, { act, vault: one, place: step.place })
      }
      return
    }
    case "timeout":
    case "refuse":
    case "answer": {
      const [condition, trouble] = (
        {
          timeout: ["timeout", "timeout"],
          refuse: ["token-refused", "refuse"],
          answer: ["none", "none"],
        } as const
      )[step.act]
      if (yield* by("set-key-vault-condition", { vault: VaultName, condition }))
        vault.trouble = trouble
      return
    }
    case "refresh":
      yield* refresh(twin, model, versions, step.place)
      return
    case "roll-availability":
      yield* attempt(twin, { ...ivan, ...systemActor }, "roll-availability-key", {
        policy: policies[step.place],
      })
      return
    case "assign":
    case "unassign": {
      const DataEncryptionPolicy = step.act === "assign" ? policies.mail : null
      const params = { Identity: alice, DataEncryptionPolicy }
      if (yield* attempt(twin, heidi, "Set-Mailbox", params)) {
        model.aliceUnder = step.act === "assign" ? "mail" : "bob"
      }
      return
    }
    case "purge-data": {
      const Identity = policies.mail
      const request = {
        Identity,
        PermanentDataPurgeRequested: true,
        PermanentDataPurgeReason: "r",
        PermanentDataPurgeContact: "c",
        Force: true,
      }
      yield* attempt(twin, heidi, "Set-DataEncryptionPolicy", request)
      yield* attempt(twin, heidi, "open-purge-ticket", { policy: Identity })
      if (yield* attempt(twin, judy, "sign-data-purge", { policy: Identity })) {
        model.places.mail.isPurged ||= model.aliceUnder === "mail"
      }
      return
    }
    case "offboard": {
      const ticket = {
        tenant: "contoso.com",
        contact: "c",
        reason: "r",
        routing: "M365 Customer Key team",
      }
      yield* attempt(twin, judy, "open-offboarding-ticket", ticket)
      if (yield* attempt(twin, judy, "complete-offboarding", {})) model.places.bob.roots = undefined
      return
    }
    case "wait":
      yield* twin.advance(step.hours * hour)
      model.hours += step.hours
  }
})

const refresh = Effect.fnUntraced(function* (
  twin: Twin,
  model: KeyModel,
  versions: readonly string[][],
  place: Place,
) {
  const Identity = policies[place]
  const roots = [model.vaults[0].newest, model.vaults[1].newest] as const
  const it = model.places[place]
  if (place === "file") {
    const KeyVaultUri = keyUri(vaults[0], "root", versions[0]?.[roots[0]])
    const roll = { KeyVaultUri, KeyType: "Primary" }
    const isRolled = yield* attempt(twin, ivan, "Update-SPODataEncryptionPolicy", roll)
    if (isRolled && it.roots !== undefined) it.roots = [roots[0], it.roots[1]]
    return
  }
  const cmdlet =
    place === "mail" ? "Set-DataEncryptionPolicy" : "Set-M365DataAtRestEncryptionPolicy"
  const who = place === "mail" ? heidi : judy
  const isRolled = yield* attempt(twin, who, cmdlet, { Identity, Refresh: true })
  if (isRolled && it.roots !== undefined) it.roots = roots
})

const reads = Effect.fnUntraced(function* (twin: Twin, place: Place, origin: "User" | "System") {
  const now = yield* twin.now
  const opened = yield* twin.run((world) =>
    Effect.option(openAtRest(world, objects[place], { origin, now })),
  )
  if (opened._tag === "Some") assert.isTrue(Buffer.from(opened.value).equals(plaintext))
  return opened._tag === "Some"
})

layer(Prepared.layer)("paths of live keys", (it) => {
  it.effect.prop(
    "[CRY-084] [CRY-085] [CRY-086] [CRY-087] [CRY-098] [CRY-106] [CRY-117] [CRY-126] content opens exactly where a path of live keys is left",
    { steps: Schema.Array(Step).check(Schema.isMaxLength(14)) },
    ({ steps }) =>
      Effect.gen(function* () {
        const { twin, uris } = yield* start
        const model = new KeyModel()
        const versions = uris.map((uri) => [uri.split("/").at(-1) ?? ""])
        for (const [index, step] of steps.entries()) {
          yield* take(twin, model, versions, step)
          model.look()
          const story = JSON.stringify(steps.slice(0, index + 1))
          for (const origin of ["User", "System"] as const) {
            const ofAlice = model.readsAlice(origin)
            assert.strictEqual(
              yield* reads(twin, "mail", origin),
              ofAlice,
              `mail ${origin} ${story}`,
            )
            for (const place of ["bob", "file"] as const) {
              const expected = model.reads(place, origin)
              assert.strictEqual(
                yield* reads(twin, place, origin),
                expected,
                `${place} ${origin} ${story}`,
              )
            }
          }
        }
      }),
    { arbitrary: { runs: 120 }, timeout: 120_000 },
  )

  it.effect.prop(
    "[CRY-126] [CRY-120] what is purged with its policy stays unreadable for ever, whatever comes",
    { steps: Schema.Array(Step).check(Schema.isMaxLength(10)) },
    ({ steps }) =>
      Effect.gen(function* () {
        const { twin, uris } = yield* start
        const model = new KeyModel()
        const versions = uris.map((uri) => [uri.split("/").at(-1) ?? ""])
        yield* take(twin, model, versions, { act: "revoke-both", place: "mail" })
        yield* take(twin, model, versions, { act: "purge-data" })
        assert.isTrue(model.places.mail.isPurged)
        for (const step of [...steps, { act: "grant-both", place: "mail" } as const]) {
          yield* take(twin, model, versions, step)
          assert.isFalse(yield* reads(twin, "mail", "System"), JSON.stringify(steps))
        }
      }),
    { arbitrary: { runs: 25 }, timeout: 120_000 },
  )

  it.effect.prop(
    "[CRY-106] [CRY-107] [CRY-109] [CRY-091] no roll ever loses content",
    {
      steps: Schema.Array(Step).check(Schema.isMaxLength(8)),
      place: Schema.Literals(["mail", "bob", "file"]),
    },
    ({ steps, place }) =>
      Effect.gen(function* () {
        const { twin, uris } = yield* start
        const model = new KeyModel()
        const versions = uris.map((uri) => [uri.split("/").at(-1) ?? ""])
        for (const step of steps) {
          yield* take(twin, model, versions, step)
          const before = yield* reads(twin, place, "System")
          for (const act of ["refresh", "roll-availability"] as const) {
            yield* take(twin, model, versions, { act, place })
            assert.isTrue((yield* reads(twin, place, "System")) || !before, JSON.stringify(steps))
          }
        }
      }),
    { arbitrary: { runs: 25 }, timeout: 120_000 },
  )

  it.effect("[CRY-057] [CRY-089] no key ever comes into the journal, an output or an error", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* start
      const said: unknown[] = []
      const backup = { VaultName: vaults[0], Name: "root", OutputFile: "root.backup" }
      const PermissionsToKeys = ["get", "list", "create", "backup", "restore"]
      const grant = { VaultName: vaults[0], UserPrincipalName: ivan.id, PermissionsToKeys }
      for (const [who, operation, params] of [
        [ivan, "Set-AzKeyVaultAccessPolicy", grant],
        [ivan, "Backup-AzKeyVaultKey", backup],
        [ivan, "Restore-AzKeyVaultKey", { VaultName: vaults[0], InputFile: "root.backup" }],
        [ivan, "Get-AzKeyVaultKey", { VaultName: vaults[0] }],
        [heidi, "Set-DataEncryptionPolicy", { Identity: policies.mail, Refresh: true }],
        [heidi, "Get-DataEncryptionPolicy", {}],
        [ivan, "Get-SPODataEncryptionPolicy", {}],
        [ivan, "show-key-custody", {}],
        [{ ...ivan, ...systemActor }, "roll-availability-key", { policy: policies.mail }],
        [ivan, "roll-availability-key", { policy: policies.mail }],
        [ivan, "inspect-stored-bytes", { object: mail, observer: "service" }],
        [ivan, "trace-key-requests", { workload: "Exchange", container: alice }],
      ] as const) {
        const { output, decision, warnings } = yield* twin.call(who, operation, params)
        said.push(output, decision, warnings)
      }
      yield* twin.store((world) =>
        sealAtRest(world, { workload: "Teams", container: "chat", objectId: "chat", plaintext }),
      )
      const text = JSON.stringify([said, yield* twin.records, yield* twin.world])
      const world = yield* twin.world
      const secrets = yield* twin.run(() =>
        Effect.gen(function* () {
          const keys = yield* KeyVault
          const found: Uint8Array[] = []
          for (const { keyId, isDestroyed } of keysOfKind(world, "AvailabilityKey")) {
            if (isDestroyed || keyId.includes("sharepoint")) continue
            found.push(yield* Effect.orDie(keys.symmetricKey(keyId)))
          }
          for (const uri of uris) {
            const jwk = (yield* Effect.orDie(keys.privateKey(uri))).export({ format: "jwk" })
            for (const part of [jwk.d, jwk.p, jwk.q])
              found.push(Buffer.from(part ?? "", "base64url"))
          }
          return found
        }),
      )
      assert.isAtLeast(secrets.length, 8)
      for (const secret of secrets) {
        for (const form of ["hex", "base64", "base64url"] as const) {
          assert.notInclude(text, Buffer.from(secret).toString(form).slice(0, 40))
        }
      }
    }),
  )

  it.effect("[CRY-112] a new version in both vaults is used after a refresh only", () =>
    Effect.gen(function* () {
      const { twin } = yield* start
      yield* makeKey(twin, vaults[0], "root")
      assert.isTrue(yield* reads(twin, "mail", "User"))
    }),
  )
})
