import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeTenant, type Tenant } from "../src/index.ts"

const act = Effect.fnUntraced(function* (
  tenant: Tenant,
  who: string,
  operation: string,
  params: object,
) {
  return yield* tenant.call(yield* tenant.actor(who), operation, params)
})

const secret = "The quince marmalade of Contoso costs exactly 49 euros a jar, and stays a secret."

/** A plain file, a labelled file, a protected message, a plain message. */
const stored = Effect.runSync(
  Effect.gen(function* () {
    const tenant = yield* makeTenant({ seed: "1" })
    const site = "https://contoso.sharepoint.com/sites/launch"
    yield* act(tenant, "alice", "upload-file", { site, file: "Plain.docx", content: secret })
    yield* act(tenant, "alice", "upload-file", {
      site,
      file: "Labelled.docx",
      content: secret,
      label: "Highly Confidential",
    })
    const sent = yield* act(tenant, "alice", "send-mail", {
      subject: "Marmalade",
      body: secret,
      to: ["judy@contoso.com"],
      protection: "do-not-forward",
    })
    const id = sent.output[0]?.["id"]
    return { tenant, message: typeof id === "string" ? id : "" }
  }),
)
const { tenant, message } = stored
const things = ["Plain.docx", "Labelled.docx", message]

describe("searchStored", () => {
  it.effect.each(things)("no 16 bytes in a row of the plaintext lie in storage (%s)", (thing) =>
    Effect.gen(function* () {
      for (let from = 0; from + 16 <= secret.length; from++) {
        const { isFound, size } = yield* tenant.searchStored(thing, secret.slice(from, from + 16))
        assert.isFalse(isFound, secret.slice(from, from + 16))
        assert.isAbove(size, secret.length)
      }
    }),
  )

  it.effect("fails for what is not stored, and moves no cursor in saying so", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(tenant.searchStored("\u001b[2JGone.docx", "x"))
      assert.strictEqual(error._tag, "StoredUnknown")
      assert.notMatch(error.message, /\p{Cc}/u)
    }),
  )
})

describe("openStored", () => {
  it.effect.each([
    ["Plain.docx", "bob", true],
    ["Plain.docx", "mallory", false],
    ["Plain.docx", "pat", false],
    ["Labelled.docx", "alice", true],
    // A member of the site, and therefore with a way to the file, but not in the finance team.
    ["Labelled.docx", "bob", false],
    [message, "judy", true],
    [message, "bob", false],
    [message, "nina", false],
  ] as const)("%s for %s: %s, with a reason", ([thing, who, expected]) =>
    Effect.gen(function* () {
      const { isOpen, reason } = yield* tenant.openStored(thing, who)
      assert.strictEqual(isOpen, expected, reason)
      assert.match(reason, /^[A-Z].*\.$/)
    }),
  )

  it.effect("tries on a copy: neither the journal nor the world notices", () =>
    Effect.gen(function* () {
      const before = yield* tenant.checkpoint
      yield* tenant.openStored("Plain.docx", "bob")
      const after = yield* tenant.checkpoint
      assert.strictEqual(after.world, before.world)
      assert.lengthOf(after.records, before.records.length)
    }),
  )
})
