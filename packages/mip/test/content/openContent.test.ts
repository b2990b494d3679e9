import { assert, describe, it } from "@effect/vitest"
import { BlobStore } from "@twin/crypto"
import { days, decidingGate } from "@twin/kernel"
import { Effect } from "effect"
import {
  type CustomProtection,
  doNotForward,
  encryptOnly,
  inheritedProtection,
  openContent,
  openForService,
  type ProtectContentRequest,
  prelicense,
  protectContent,
  protectionOf,
  republishContent,
  type UsageRight,
  userDefined,
} from "../../src/index.ts"
import {
  actor,
  baseline,
  fault,
  joins,
  labelId,
  makeStage,
  plaintext,
  type Stage,
  setService,
  text,
  userIdOf,
  verdict,
} from "../world.ts"

const protect = (
  stage: Stage,
  more: Partial<ProtectContentRequest> = {},
  who = "alice@contoso.com",
) =>
  stage
    .run(who, (call) =>
      protectContent(call, { content: plaintext, form: "document", name: "offer.docx", ...more }),
    )
    .pipe(
      Effect.map((made) => ({
        ...made,
        bytes: made.bytes ?? new Uint8Array(),
        contentId: made.contentId ?? "none",
      })),
    )

const grant = (who: string, ...rights: UsageRight[]): CustomProtection =>
  userDefined([{ who, rights }])

const open = (
  stage: Stage,
  bytes: Uint8Array,
  who: string,
  more: Partial<Parameters<typeof openContent>[1]> = {},
) => stage.run(who, (call) => openContent(call, { bytes, ...more }))

describe("protecting", () => {
  it.effect(
    "[MIP-026] [MIP-028] leaves bytes without the plaintext, with id and label inside",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const made = yield* protect(stage, { label: "Confidential" })
        assert.strictEqual(made.decision.outcome, "allow")
        assert.notInclude(text(made.bytes) ?? "", "million")
        assert.include(text(made.bytes) ?? "", made.contentId)
        const noted = protectionOf(stage.world, made.contentId)
        assert.strictEqual(noted?.issuer, "alice@contoso.com")
        assert.strictEqual(noted?.labelId, labelId("Confidential"))
        assert.isEmpty(noted?.grants ?? [], "the rights stay with the label's template")
      }),
  )

  it.effect("[MIP-005] a refusal leaves no bytes and no trace of a protection", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      stage.apply(setService({ functionalState: "Disabled" }))
      const refused = yield* stage.run("alice@contoso.com", (call) =>
        protectContent(call, {
          content: plaintext,
          form: "document",
          name: "a.docx",
          label: "Confidential",
        }),
      )
      assert.strictEqual(verdict(refused.decision), "deny by service-enabled")
      assert.isUndefined(refused.bytes)
      assert.isEmpty(refused.events)
    }),
  )

  it.effect("[MIP-107] a label without encryption leaves the bytes as they are", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { label: "General" })
      assert.strictEqual(text(made.bytes), text(plaintext))
      assert.strictEqual(made.contentId, "none")
      assert.strictEqual(made.labelId, labelId("General"))
    }),
  )

  it.effect("[MIP-065] somebody else can be the owner, and holds every right", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { custom: userDefined([]), owner: "carol@contoso.com" })
      assert.strictEqual(
        text((yield* open(stage, made.bytes, "carol@contoso.com")).plaintext),
        text(plaintext),
      )
      assert.isUndefined((yield* open(stage, made.bytes, "bob@contoso.com")).plaintext)
    }),
  )

  it.effect("keys, licences and plaintext never enter the events", () =>
    // Guards the rule that events are journalled as they are.
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { label: "Confidential" })
      const opened = yield* open(stage, made.bytes, "bob@contoso.com")
      const journalled = JSON.stringify([made.events, opened.events])
      assert.notInclude(journalled, "million")
      assert.notInclude(journalled, opened.useLicence?.wrappedContentKey ?? "missing")
      assert.notInclude(journalled, opened.useLicence?.signature ?? "missing")
    }),
  )
})

describe("opening", () => {
  it.effect(
    "[MIP-027] [MIP-284] the plaintext comes only through a licence with the decision's rights",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const made = yield* protect(stage, { custom: grant("bob@contoso.com", "VIEW", "PRINT") })
        const bob = yield* open(stage, made.bytes, "bob@contoso.com")
        assert.strictEqual(text(bob.plaintext), text(plaintext))
        assert.deepStrictEqual(bob.useLicence?.rights, ["VIEW", "PRINT"])
        assert.deepStrictEqual(bob.decision.rights, ["VIEW", "PRINT"])
        const dave = yield* open(stage, made.bytes, "dave@contoso.com")
        assert.strictEqual(verdict(dave.decision), "deny by usage-rights")
        assert.isUndefined(dave.plaintext)
        assert.isUndefined(dave.useLicence)
      }),
  )

  it.effect(
    "[MIP-032] an action without the right hands no bytes over, though a licence is issued",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const made = yield* protect(stage, { custom: grant("bob@contoso.com", "VIEW") })
        const print = yield* open(stage, made.bytes, "bob@contoso.com", { requested: "print" })
        assert.strictEqual(verdict(print.decision), "deny by application-enforces")
        assert.isUndefined(print.plaintext)
        assert.deepStrictEqual(print.useLicence?.rights, ["VIEW"])
      }),
  )

  it.effect("[MIP-028] changed, foreign and swapped bytes open for nobody", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { custom: grant("bob@contoso.com", "VIEW") })
      const other = yield* protect(stage, { custom: userDefined([]), name: "other.docx" })
      const changed = Uint8Array.from(made.bytes)
      changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
      for (const [what, bytes] of [
        ["changed", changed],
        ["cut", made.bytes.slice(0, 40)],
        ["plain", plaintext],
        ["empty", new Uint8Array()],
      ] as const) {
        const tried = yield* open(stage, bytes, "alice@contoso.com", { isFreshDevice: true })
        assert.strictEqual(verdict(tried.decision), "deny by publishing-licence", what)
        assert.isUndefined(tried.plaintext, what)
      }
      const swapped = yield* open(stage, other.bytes, "bob@contoso.com", {
        contentId: made.contentId,
      })
      assert.strictEqual(verdict(swapped.decision), "deny by publishing-licence")
      assert.isUndefined(swapped.plaintext)
    }),
  )

  it.effect("[MIP-081] the documented timeline of Anna, John and Amelia", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { custom: grant("contoso.com", "VIEW") })
      const offline = (isOn: boolean) => stage.apply(fault("rights-management-unreachable", isOn))
      const opens = (who: string) =>
        Effect.map(open(stage, made.bytes, `${who}@contoso.com`), ({ plaintext: it }) =>
          it === undefined ? "no" : "yes",
        )
      assert.strictEqual(yield* opens("bob"), "yes", "Anna at once")
      assert.strictEqual(yield* opens("carol"), "yes", "Amelia in week 1")
      stage.wait(days(1))
      offline(true)
      assert.strictEqual(yield* opens("bob"), "yes", "Anna offline next day")
      stage.wait(days(30))
      assert.strictEqual(yield* opens("bob"), "no", "Anna offline after 30 days")
      offline(false)
      assert.strictEqual(yield* opens("bob"), "yes", "Anna online again")
      assert.strictEqual(yield* opens("dave"), "yes", "John for the first time on day 31")
      stage.wait(days(29))
      offline(true)
      assert.strictEqual(yield* opens("dave"), "yes", "John offline within 30 days")
      assert.strictEqual(yield* opens("carol"), "no", "Amelia offline two months later")
    }),
  )

  it.effect(
    "[MIP-077] [MIP-078] the stricter of tenant and label says how long a licence lasts",
    () =>
      Effect.gen(function* () {
        const lasts = Effect.fnUntraced(function* (
          tenantDays: number,
          offlineAccessDays: number | undefined,
        ) {
          const stage = yield* makeStage()
          stage.apply(setService({ maxUseLicenseValidityDays: tenantDays }))
          const made = yield* protect(stage, {
            custom: userDefined(
              [{ who: "bob@contoso.com", rights: ["VIEW"] }],
              offlineAccessDays === undefined ? {} : { offlineAccessDays },
            ),
          })
          const opened = yield* open(stage, made.bytes, "bob@contoso.com")
          return ((opened.useLicence?.validUntil ?? 0) - stage.now) / days(1)
        })
        assert.strictEqual(yield* lasts(30, undefined), 30)
        assert.strictEqual(yield* lasts(30, -1), 30)
        assert.strictEqual(yield* lasts(30, 7), 7)
        assert.strictEqual(yield* lasts(5, 7), 5)
        assert.strictEqual(yield* lasts(30, 0), 0)
        assert.strictEqual(yield* lasts(0, -1), 0)
      }),
  )

  it.effect(
    "[MIP-078] [MIP-064] a label's value binds readers, not whoever protected the content",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        stage.apply(joins("Finance", userIdOf("bob"), stage.now))
        const made = yield* protect(stage, { label: "Secret" }, "alice@contoso.com")
        const lasts = (who: string) =>
          Effect.map(
            open(stage, made.bytes, who),
            ({ useLicence }) => ((useLicence?.validUntil ?? 0) - stage.now) / days(1),
          )
        assert.strictEqual(yield* lasts("bob@contoso.com"), 0)
        assert.strictEqual(yield* lasts("alice@contoso.com"), 30)
      }),
  )

  it.effect("[MIP-082] [MIP-225] never offline: each open asks, so revoking cuts at once", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const always = yield* protect(stage, { custom: grant("bob@contoso.com", "VIEW") })
      const never = yield* protect(stage, {
        name: "never.docx",
        custom: userDefined([{ who: "bob@contoso.com", rights: ["VIEW"] }], {
          offlineAccessDays: 0,
        }),
      })
      for (const { bytes } of [always, never]) {
        assert.isDefined((yield* open(stage, bytes, "bob@contoso.com")).plaintext)
      }
      for (const { contentId } of [always, never]) {
        stage.apply({ _tag: "ContentRevoked", contentId, by: "alice@contoso.com", at: stage.now })
      }
      assert.isDefined((yield* open(stage, always.bytes, "bob@contoso.com")).plaintext)
      const cut = yield* open(stage, never.bytes, "bob@contoso.com")
      assert.strictEqual(verdict(cut.decision), "deny by revocation")
      stage.wait(days(30))
      assert.isUndefined((yield* open(stage, always.bytes, "bob@contoso.com")).plaintext)
    }),
  )

  it.effect(
    "[MIP-083] [MIP-086] edited permissions reach whoever holds a licence when it ends",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const made = yield* protect(stage, { label: "Confidential" })
        assert.isDefined((yield* open(stage, made.bytes, "bob@contoso.com")).plaintext)
        stage.apply({ _tag: "LabelRemoved", labelId: labelId("Confidential"), at: stage.now })
        const template = [...stage.world.mip.templates].find(([, it]) => it.name === "Confidential")
        if (template === undefined) throw new Error("the template is archived, not gone")
        stage.apply({ _tag: "TemplateStored", template: { ...template[1], grants: [] } })
        assert.isDefined((yield* open(stage, made.bytes, "bob@contoso.com")).plaintext)
        assert.isUndefined((yield* open(stage, made.bytes, "carol@contoso.com")).plaintext)
        stage.wait(days(30))
        assert.isUndefined((yield* open(stage, made.bytes, "bob@contoso.com")).plaintext)
      }),
  )

  it.effect(
    "[MIP-030] an edited version keeps id and permissions; the kept licence gives way",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const made = yield* protect(stage, { custom: grant("bob@contoso.com", "VIEW") })
        assert.isDefined((yield* open(stage, made.bytes, "bob@contoso.com")).plaintext)
        const edited = yield* stage.run("alice@contoso.com", (call) =>
          Effect.map(
            republishContent(call, {
              contentId: made.contentId,
              plaintext: Buffer.from("The offer is 5 million."),
            }),
            (it) => ({ bytes: it?.bytes ?? new Uint8Array(), events: it?.events ?? [] }),
          ),
        )
        const bob = yield* open(stage, edited.bytes, "bob@contoso.com")
        assert.strictEqual(text(bob.plaintext), "The offer is 5 million.")
        assert.strictEqual(bob.contentId, made.contentId)
        assert.isUndefined((yield* open(stage, edited.bytes, "dave@contoso.com")).plaintext)
      }),
  )
})

describe("mail", () => {
  const mail = { form: "mail", name: "Offer" } as const
  const outlook = (id: string) => actor(id, "outlook-desktop")

  it.effect("[MIP-159] [MIP-163] recipients open a protected message, and nobody else", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const to = ["bob@contoso.com", "nina@fabrikam.com"]
      for (const custom of [doNotForward(to), encryptOnly(to)]) {
        const made = yield* protect(stage, { ...mail, custom })
        const reads = (who: string, requested: "open" | "forward") =>
          Effect.map(
            stage.run(outlook(who), (call) => openContent(call, { bytes: made.bytes, requested })),
            ({ plaintext: it }) => it !== undefined,
          )
        for (const who of to) {
          assert.isTrue(yield* reads(who, "open"), who)
          assert.strictEqual(yield* reads(who, "forward"), custom.kind === "encrypt-only", who)
        }
        assert.isFalse(yield* reads("dave@contoso.com", "open"))
      }
    }),
  )

  it.effect("[MIP-114] a reader without account opens it in the portal", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { ...mail, custom: encryptOnly(["pat@mailbox.example"]) })
      const inPortal = yield* stage.run(
        actor("pat@mailbox.example", "encrypted-message-portal"),
        (call) => openContent(call, { bytes: made.bytes }),
      )
      assert.strictEqual(text(inPortal.plaintext), text(plaintext))
      const native = yield* stage.run(outlook("pat@mailbox.example"), (call) =>
        openContent(call, { bytes: made.bytes }),
      )
      assert.strictEqual(verdict(native.decision), "deny by software-supports-identity")
    }),
  )

  it.effect("[MIP-161] [MIP-165] [MIP-135] attachments inherit what the message has", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const to = ["bob@contoso.com"]
      const inherits = Effect.fnUntraced(function* (more: Partial<ProtectContentRequest>) {
        const message = yield* protect(stage, { ...mail, ...more })
        const noted = protectionOf(stage.world, message.contentId)
        if (noted === undefined) throw new Error("not protected")
        const inherited = inheritedProtection(noted)
        const attached = yield* protect(stage, {
          form: "mail-attachment",
          name: "plan.xlsx",
          ...inherited,
        })
        const bob = yield* open(stage, attached.bytes, "bob@contoso.com")
        const dave = yield* open(stage, attached.bytes, "dave@contoso.com")
        return [bob.decision.rights?.toSorted() ?? [], dave.decision.outcome] as const
      })
      const [rights, other] = yield* inherits({ custom: doNotForward(to) })
      assert.deepStrictEqual(rights, ["DOCEDIT", "EDIT", "OBJMODEL", "VIEW"])
      assert.strictEqual(other, "deny")
      const [wide] = yield* inherits({ custom: encryptOnly(to) })
      assert.include(wide, "PRINT")
      assert.notInclude(wide, "EXPORT")
      const [byLabel, everybody] = yield* inherits({ label: "Confidential" })
      assert.include(byLabel, "EXTRACT")
      assert.strictEqual(everybody, "allow", "the label's own audience")
    }),
  )

  it.effect(
    "[MIP-088] [MIP-089] delivery brings licences to members, who then read offline at once",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const recipients = ["bob@contoso.com", "nina@fabrikam.com", "dave@contoso.com"]
        const made = yield* protect(stage, {
          ...mail,
          custom: encryptOnly(recipients.slice(0, 2)),
        })
        yield* stage.run("alice@contoso.com", (call) =>
          Effect.map(
            prelicense(call, { bytes: made.bytes, contentId: made.contentId, recipients }),
            (events) => ({ events }),
          ),
        )
        stage.apply(fault("rights-management-unreachable"), {
          _tag: "IdentityCertified",
          certificate: {
            address: "bob@contoso.com",
            issuedAt: stage.now,
            expiresAt: stage.now + days(31),
          },
        })
        const read = (who: string) =>
          stage.run(outlook(who), (call) => openContent(call, { bytes: made.bytes }))
        assert.strictEqual(text((yield* read("bob@contoso.com")).plaintext), text(plaintext))
        assert.isUndefined((yield* read("nina@fabrikam.com")).plaintext, "asks for herself")
        assert.isUndefined((yield* read("dave@contoso.com")).plaintext, "has no rights")
      }),
  )
})

describe("services", () => {
  it.effect("[MIP-204] the organisation's services read without any person's rights", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage(baseline)
      const made = yield* protect(stage, { label: "Confidential" })
      const read = stage.run("alice@contoso.com", (call) =>
        openForService(call, {
          bytes: made.bytes,
          contentId: made.contentId,
          service: "SharePoint",
        }),
      )
      assert.strictEqual(text((yield* read).plaintext), text(plaintext))
      stage.apply(fault("tenant-key-unreachable"))
      const refused = yield* read
      assert.strictEqual(decidingGate(refused.decision).name, "tenant-key")
      assert.isUndefined(refused.plaintext)
    }),
  )
})

describe("storage", () => {
  it.effect("[MIP-028] the licence on the device is a blob that opens for its person only", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { custom: grant("contoso.com", "VIEW") })
      yield* open(stage, made.bytes, "bob@contoso.com")
      const copied = yield* stage.run("dave@contoso.com", () =>
        Effect.gen(function* () {
          const blobs = yield* BlobStore
          const bobs = yield* blobs
            .get(`use-licence/${made.contentId}/bob@contoso.com`)
            .pipe(Effect.orDie)
          yield* blobs.put(`use-licence/${made.contentId}/dave@contoso.com`, bobs)
          return { events: [] }
        }),
      )
      assert.isEmpty(copied.events)
      stage.apply(
        {
          _tag: "IdentityCertified",
          certificate: {
            address: "dave@contoso.com",
            issuedAt: stage.now,
            expiresAt: stage.now + days(31),
          },
        },
        {
          _tag: "UseLicenceIssued",
          licence: {
            contentId: made.contentId,
            address: "dave@contoso.com",
            rights: ["VIEW"],
            issuedAt: stage.now,
            validUntil: stage.now + days(30),
            blobId: `use-licence/${made.contentId}/dave@contoso.com`,
          },
        },
        fault("rights-management-unreachable"),
      )
      const stolen = yield* open(stage, made.bytes, "dave@contoso.com")
      assert.isUndefined(stolen.plaintext)
      assert.strictEqual(stolen.decision.outcome, "deny")
    }),
  )
})
