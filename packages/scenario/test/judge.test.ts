import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { judgements, load, playedMessages } from "./story.ts"

/** Shared with Nina, tried by Mallory, closed for everybody outside, one step that fails. */
const story = `
- id: share
  as: alice
  do: share-file
  with: { file: Press Kit.docx, to: [nina@fabrikam.com], scope: users, role: view }
  save: link
- { id: refused, as: mallory, do: open-file, with: { file: Forecast.xlsx } }
- { id: opened, as: alice, do: open-file, with: { file: Launch Plan.docx } }
- id: label
  as: alice
  do: upload-file
  using: { app: office-desktop }
  with:
    site: https://contoso.sharepoint.com/sites/launch
    file: Brief.docx
    content: The price is 49 and stays secret.
    label: Highly Confidential
- { id: wrong, powershell: Set-SPOTenant -SharingCapability Everything }
- expect: { error: { of: wrong, message: Everything } }
`

/** What these expectations come to behind the story, each with what was found. */
const judged = (expectations: readonly string[]) =>
  Effect.map(
    playedMessages(
      load(`${story}- expect:\n${expectations.map((it) => `    - ${it}`).join("\n")}`),
    ),
    (messages) => judgements(messages).slice(-expectations.length),
  )

/** Kind, expectation that holds, the same turned false, and the sentences that were found. */
const pairs: readonly (readonly [string, string, string, RegExp, RegExp])[] = [
  [
    "decision, outcome",
    "{ decision: { of: refused, outcome: deny } }",
    "{ decision: { of: refused, outcome: allow } }",
    /^deny by link-or-grant: [A-Z].*\.$/,
    /^the outcome is deny, not allow\. deny by link-or-grant: /,
  ],
  [
    "decision, gate",
    "{ decision: { of: refused, gate: link-or-grant } }",
    "{ decision: { of: refused, gate: lock-state } }",
    /^deny by link-or-grant/,
    /^link-or-grant decided, not lock-state/,
  ],
  [
    "decision, gates that passed",
    "{ decision: { of: opened, passes: [item-present, lock-state] } }",
    "{ decision: { of: refused, passes: [item-present, lock-state] } }",
    /^allow by /,
    /^lock-state did not pass/,
  ],
  [
    "decision, code of the refusal",
    "{ decision: { of: refused, code: accessDenied } }",
    "{ decision: { of: opened, code: accessDenied } }",
    /^deny by /,
    /^the code is none, not accessDenied/,
  ],
  [
    "decision, words of the refusal",
    "{ decision: { of: refused, message: access } }",
    "{ decision: { of: refused, message: a song } }",
    /^deny by /,
    /^the message is: /,
  ],
  [
    "rights that are there",
    "{ can: { who: alice, do: open, on: Brief.docx, using: { app: office-desktop }, has: [VIEW] } }",
    "{ can: { who: alice, do: open, on: Brief.docx, using: { app: office-desktop }, has: [OWNERSHIP] } }",
    /^allow by /,
    /^OWNERSHIP is not among the rights \(.*VIEW/,
  ],
  [
    "rights that are not there",
    "{ can: { who: alice, do: open, on: Brief.docx, using: { app: office-desktop }, lacks: [OWNERSHIP] } }",
    "{ can: { who: alice, do: open, on: Brief.docx, using: { app: office-desktop }, lacks: [VIEW] } }",
    /^allow by /,
    /^VIEW is among the rights/,
  ],
  [
    "can, by reference",
    '{ can: { who: nina, do: edit, on: "{{ link.file }}", outcome: challenge } }',
    '{ can: { who: alice, do: edit, on: "{{ link.file }}", outcome: deny } }',
    /^challenge by invitation-redeemed: /,
    /^the outcome is allow, not deny/,
  ],
  [
    "mail",
    "{ mail: { to: nina, kind: sharing-notification, from: no-reply@sharepointonline.com, hasCode: false } }",
    "{ mail: { to: nina, kind: sharing-notification, from: bob } }",
    /^1 such mail: ./,
    /^0 such mails$/,
  ],
  [
    "mail, how many",
    "{ mail: { to: nina, count: 1 } }",
    "{ mail: { to: nina, count: 2 } }",
    /^1 such mail/,
    /^1 such mail/,
  ],
  [
    "audit",
    "{ audit: { operation: FileAccessed, user: alice, object: Launch } }",
    "{ audit: { operation: FileAccessed, user: mallory } }",
    /^1 such record: .*Launch/,
    /^0 such records$/,
  ],
  [
    "audit, further properties",
    "{ audit: { operation: FileAccessed, property: { Workload: SharePoint } } }",
    "{ audit: { operation: FileAccessed, property: { Workload: Exchange } } }",
    /^1 such record/,
    /^0 such records$/,
  ],
  [
    "value",
    "{ value: { of: (Get-SPOTenant).SharingCapability, is: externaluserandguestsharing } }",
    "{ value: { of: (Get-SPOTenant).SharingCapability, is: Disabled } }",
    /^the value is ExternalUserAndGuestSharing$/,
    /^the value is ExternalUserAndGuestSharing$/,
  ],
  [
    "value of a saved result",
    "{ value: { of: $LINK.Role, is: view } }",
    "{ value: { of: $link.role, is: edit } }",
    /^the value is view$/,
    /^the value is view$/,
  ],
  [
    "value by reference",
    "{ value: { of: '{{ link.hasPassword }}', is: false } }",
    "{ value: { of: '{{ link.hasPassword }}', is: true } }",
    /^the value is false$/,
    /^the value is false$/,
  ],
  [
    "value of a property that a saved result does not have",
    "{ value: { of: '$link.role.Length', is: 4 } }",
    "{ value: { of: $link.rol, is: view } }",
    /^the value is 4$/,
    /^line 1, character 1: \$link has no property 'rol'; it has expires, .*role, /,
  ],
  [
    "value among values",
    "{ value: { of: (Get-Label).DisplayName, contains: Public } }",
    "{ value: { of: (Get-Label).DisplayName, contains: Secret } }",
    /^the value is \[/,
    /^the value is \[/,
  ],
  [
    "bytes without their text",
    "{ bytes: { of: Brief.docx, contain: The price is 49 } }",
    "{ bytes: { of: Brief.docx, contain: The price is 49, found: true } }",
    /^\d+ stored bytes do not contain the text$/,
    /^\d+ stored bytes do not contain the text$/,
  ],
  [
    "bytes that open",
    "{ bytes: { of: Brief.docx, openFor: alice } }",
    "{ bytes: { of: Brief.docx, openFor: bob } }",
    /^they open for alice: [A-Z].*\.$/,
    /^they do not open for bob: [A-Z].*\.$/,
  ],
  [
    "error",
    "{ error: { of: wrong, message: everything } }",
    "{ error: { of: wrong, id: SomethingElse } }",
    /Everything/,
    /Everything/,
  ],
  [
    "error where there is none",
    "{ error: { of: wrong, message: everything } }",
    "{ error: { of: opened, message: everything } }",
    /Everything/,
    /^no step has ended with an error there$/,
  ],
]

describe("judge", () => {
  it.effect.each(pairs)("%s: true and false, with what was found", ([, good, bad, yes, no]) =>
    Effect.gen(function* () {
      const [first, second] = yield* judged([good, bad])
      assert.deepStrictEqual([first?.held, second?.held], [true, false], second?.found)
      assert.match(first?.found ?? "", yes)
      assert.match(second?.found ?? "", no)
    }),
  )

  it.effect("what cannot be asked does not hold, and says why", () =>
    Effect.gen(function* () {
      const found = yield* judged([
        "{ can: { who: nobody-there, do: open, on: Brief.docx, outcome: deny } }",
        "{ can: { who: alice, do: open, on: Gone.docx, outcome: deny } }",
        "{ mail: { to: nobody-there, count: 0 } }",
        "{ value: { of: (Get-SPOSite -Identity https://nowhere.example).Title, is: x } }",
        "{ bytes: { of: Gone.docx, contain: x } }",
        '{ mail: { to: nina, text: "{{ mail.nina.code }}" } }',
      ])
      assert.deepStrictEqual(
        found.map(({ held }) => held),
        found.map(() => false),
      )
      for (const { found: why } of found) assert.isAbove(why.length, 10)
      assert.include(found[0]?.found ?? "", "nobody-there")
      assert.include(found[5]?.found ?? "", "{{ mail.nina.code }} leads to nothing")
    }),
  )

  it.effect("says in words what was expected, unless the author does", () =>
    Effect.gen(function* () {
      const found = yield* judged([
        "{ that: In my words, mail: { to: nina } }",
        "{ can: { who: pat, do: open, on: Brief.docx, outcome: deny } }",
      ])
      assert.deepStrictEqual(
        found.map(({ that }) => that),
        ["In my words", "To open Brief.docx, pat is refused"],
      )
    }),
  )
})
