import { assert, describe, it } from "@effect/vitest"
import { makeLabel, makeLabelEncryption, makeLabelPolicy } from "@twin/mip"
import { Effect } from "effect"
import { first, type Lab, lastMail, launch, makeLab, verdict, type WorldEvent } from "./world.ts"

const pat = "pat@mailbox.example"
const label = (name: string, who: string) =>
  makeLabel({
    id: `label-${name.toLowerCase()}`,
    name,
    priority: 20,
    encryption: makeLabelEncryption({
      protectionType: "Template",
      templateId: `template-${name.toLowerCase()}`,
      grants: [{ who, rights: ["VIEW"] }],
    }),
  })
const labels = [label("Anyone", "AuthenticatedUsers"), label("Named", "contoso.com")]
const published: readonly WorldEvent[] = [
  ...labels.map((it): WorldEvent => ({ _tag: "LabelCreated", label: it })),
  {
    _tag: "LabelPolicyCreated",
    policy: makeLabelPolicy({
      id: "policy-184",
      name: "For outsiders",
      labels: labels.map(({ id }) => id),
    }),
  },
]

/** Alice shares a labelled file with somebody of whom she only knows the address. */
const shared = (name: string) =>
  Effect.gen(function* () {
    const lab = yield* makeLab({ events: published })
    yield* lab.tenant({ EnableAIPIntegration: true, EnableAzureADB2BIntegration: true })
    yield* lab.does("alice", "upload-file", {
      site: launch,
      file: "Offer.docx",
      content: "Offer",
      label: name,
    })
    const row = yield* lab.does("alice", "share-file", {
      file: "Offer.docx",
      to: [pat],
      scope: "users",
      role: "view",
    })
    return { lab, link: first(row, "link") }
  })

/** A mailbox without an account proves itself by a passcode, and becomes a guest. */
const accepts = (lab: Lab) =>
  Effect.gen(function* () {
    yield* lab.does(pat, "request-passcode")
    const code = lastMail(yield* lab.mailbox(pat), "one-time-passcode")?.code
    yield* lab.does(pat, "enter-passcode", { code })
    yield* lab.does(pat, "redeem-invitation")
  })

describe("a reader whose software nobody knows", () => {
  it.effect("[MIP-184] opens a shared file as guest, where the label lets any account read", () =>
    Effect.gen(function* () {
      const { lab, link } = yield* shared("Anyone")
      const open = lab.as(pat, "open-file", { link })
      assert.notStrictEqual(verdict(yield* open), "allow", "not before the invitation is accepted")
      yield* accepts(lab)
      assert.strictEqual(first(yield* open, "text"), "Offer")
      const link2 = yield* lab.as("zoe@outlook.com", "open-file", { link })
      assert.match(verdict(link2), /^(deny|challenge)/, "the link names one person")
    }),
  )

  it.effect(
    "[MIP-184] a label that names its readers keeps the guest out, in spite of the link",
    () =>
      Effect.gen(function* () {
        const { lab, link } = yield* shared("Named")
        yield* accepts(lab)
        assert.strictEqual(
          verdict(yield* lab.as(pat, "open-file", { link })),
          "deny at usage-rights",
        )
      }),
  )

  it.effect("[MIP-184] what such a label cannot do is to keep a person out by name", () =>
    Effect.gen(function* () {
      const { lab } = yield* shared("Anyone")
      const bob = yield* lab.as("bob", "open-file", { file: "Offer.docx" })
      assert.strictEqual(verdict(bob), "allow", "whoever gets in to the site reads")
    }),
  )
})
