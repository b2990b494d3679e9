import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Effect } from "effect"
import { openContent, protectContent, type Software, userDefined } from "../src/index.ts"
import { makeStage } from "./makeStage.ts"
import { actor, baseline, evolveAll, guest, plaintext, type WorldEvent } from "./world.ts"

const columns = [
  "office-desktop",
  "office-2016",
  "office-mobile",
  "office-web",
  "viewer",
  "portal",
] as const satisfies readonly Software[]

interface Row {
  readonly identity: string
  readonly address: string
  readonly events?: readonly WorldEvent[]
  /** One letter for each column: y, n. */
  readonly cells: string
}

/** MIP-185 cell by cell: documents in the first five columns, a message in the portal. */
const rows: readonly Row[] = [
  { identity: "work account, own tenant", address: "bob@contoso.com", cells: "yyyyyy" },
  { identity: "work account, other tenant", address: "nina@fabrikam.com", cells: "yyynyy" },
  {
    identity: "work account, other tenant, guest here",
    address: "nina@fabrikam.com",
    events: [guest("nina@fabrikam.com")],
    cells: "yyyyyy",
  },
  { identity: "Microsoft account", address: "zoe@outlook.com", cells: "ynynyy" },
  {
    identity: "Microsoft account, guest here",
    address: "zoe@outlook.com",
    events: [guest("zoe@outlook.com", "MicrosoftAccount")],
    cells: "ynyyyy",
  },
  { identity: "Google sign-in", address: "gus@gmail.com", cells: "nnnnny" },
  { identity: "one-time passcode", address: "pat@mailbox.example", cells: "nnnnny" },
  {
    identity: "one-time passcode, guest here",
    address: "pat@mailbox.example",
    events: [
      guest("pat@mailbox.example", "mail"),
      {
        _tag: "SignedIn",
        session: {
          address: "pat@mailbox.example",
          provider: "emailOneTimePasscode",
          authenticatedAt: Date.UTC(2026, 8, 1, 8),
        },
      },
    ],
    cells: "nnnyny",
  },
  { identity: "no authentication", address: "nobody@nowhere.example", cells: "nnnnnn" },
]

const cases = rows.flatMap(({ cells, ...row }) =>
  columns.map((column, index) => ({ ...row, column, isOpen: cells[index] === "y" })),
)

describe("who opens what with which software", () => {
  it.effect.each(cases)(
    "[MIP-185] [MIP-175] $identity with $column: $isOpen, on the bytes",
    ({ address, events = [], column, isOpen }) =>
      Effect.gen(function* () {
        const stage = yield* makeStage(evolveAll(baseline, events))
        const isMail = column === "portal"
        const made = yield* stage.run("alice@contoso.com", (call) =>
          protectContent(call, {
            content: plaintext,
            form: isMail ? "mail" : "document",
            name: isMail ? "offer" : "offer.docx",
            custom: userDefined([
              { who: address, rights: ["VIEW"] },
              { who: "AuthenticatedUsers", rights: ["VIEW"] },
            ]),
          }),
        )
        const opened = yield* stage.run(
          actor(address, isMail ? "encrypted-message-portal" : appOf(column)),
          (call) =>
            openContent(call, {
              bytes: made.bytes ?? new Uint8Array(),
              ...(column === "office-2016" || column === "viewer" ? { software: column } : {}),
              ...(isMail && !/contoso|fabrikam/.test(address) && isOpen
                ? { isProvenByPortal: true }
                : {}),
            }),
        )
        const { name, details } = decidingGate(opened.decision)
        assert.strictEqual(
          opened.plaintext !== undefined,
          isOpen,
          `${name} ${JSON.stringify(details)}`,
        )
        if (isOpen) assert.deepStrictEqual(opened.plaintext, Uint8Array.from(plaintext))
        else {
          assert.isUndefined(opened.useLicence, "no licence, no key")
          assert.notStrictEqual(name, "usage-rights", "the permissions were there")
        }
      }),
  )
})

const appOf = (column: Exclude<(typeof columns)[number], "portal">) => {
  switch (column) {
    case "office-2016":
    case "office-desktop":
      return "office-desktop"
    case "viewer":
      return "pdf-reader"
    case "office-mobile":
    case "office-web":
      return column
  }
}
