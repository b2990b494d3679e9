import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { decodeText, storyText } from "./story.ts"
import { unknownClaim } from "./vocabulary.ts"

/** The problems of a scenario with these steps, as `line:column path: message`. */
const problems = (text: string): readonly string[] => {
  const decoded = decodeText(text)
  return Result.isSuccess(decoded)
    ? []
    : decoded.failure.issues.map(
        ({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`,
      )
}

const ofSteps = (steps: string) => problems(storyText(steps))

describe("decodeScenario", () => {
  it("accepts a step of every kind", () => {
    assert.deepStrictEqual(
      ofSteps(`
- id: share
  as: alice
  do: share-file
  with: { file: Launch Plan.docx, to: [nina@fabrikam.com] }
  save: link
  expect: { decision: { outcome: allow } }
- powershell: Get-SPOTenant | Select-Object SharingCapability
- wait: 15 minutes
- { fault: lockbox-unavailable, on: true }
- { attack: attempt-sign-in, as: mallory, with: { stolenFrom: ed, component: exo-nam01-mbx01 } }
- expect:
    - { decision: { of: share, outcome: allow }, counterproof: { without: [share] } }
    - { mail: { to: nina } }
    - { audit: { operation: SecureLinkCreated } }
    - { value: { of: (Get-SPOTenant).SharingCapability, is: x } }
    - { bytes: { of: Launch Plan.docx, contain: secret } }
    - { error: { message: x } }
- poll: Can she?
  asks: { who: nina, do: open, on: "{{ link.file }}" }
  choices:
    - { text: Yes, when: { outcome: allow } }
    - { text: No, when: { outcome: deny } }
`),
      [],
    )
  })

  it.each([
    [
      "a word that is none",
      "- { powerschell: x }",
      "12:9 agenda.0.steps.0: Expected exactly one of powershell",
    ],
    [
      "two kinds at once",
      "- { wait: 1 hour, fault: x, on: true }",
      "12:9 agenda.0.steps.0: Expected exactly one of",
    ],
    ["a wrong type", "- { wait: 15 }", "12:17 agenda.0.steps.0.wait: "],
    [
      "a span that is none",
      "- { wait: soon }",
      "12:17 agenda.0.steps.0.wait: Expected a number and a unit",
    ],
    [
      "a member too many",
      "- { wait: 1 hour, somethingElse: 1 }",
      "12:40 agenda.0.steps.0.somethingElse: There is no 'somethingElse' here; known: expect, id, say, title, wait",
    ],
    [
      "a mistyped member of an expectation",
      "- expect: { can: { who: a, do: open, on: b, outcom: deny } }",
      "12:59 agenda.0.steps.0.expect.can.outcom: There is no 'outcom' here; did you mean outcome?",
    ],
    [
      "an unknown action",
      "- { as: alice, do: shar-file }",
      "12:26 agenda.0.steps.0.do: There is no action 'shar-file'; did you mean share-file",
    ],
    [
      "a cmdlet as an action",
      "- { as: alice, do: Set-SPOTenant }",
      "12:26 agenda.0.steps.0.do: 'Set-SPOTenant' is a cmdlet: run it in a powershell step",
    ],
    [
      "a missing parameter",
      "- { as: alice, do: share-file, with: { to: [x@y] } }",
      "12:44 agenda.0.steps.0.with.file: ",
    ],
    [
      "an unknown parameter",
      "- { as: alice, do: share-file, with: { file: a, tu: [x] } }",
      "12:59 agenda.0.steps.0.with.tu: There is no 'tu' here; did you mean to",
    ],
    [
      "an unknown fault",
      "- { fault: lockbox-unavailble, on: true }",
      "12:18 agenda.0.steps.0.fault: There is no fault 'lockbox-unavailble'; did you mean lockbox-unavailable?",
    ],
    [
      "a script that cannot be read",
      '- powershell: "Set-SPOTenant -X {"',
      "12:21 agenda.0.steps.0.powershell: line 1, character",
    ],
    [
      "an unknown cmdlet",
      "- powershell: Set-SPOTenent -X 1",
      "12:21 agenda.0.steps.0.powershell: line 1 of the script: the twin has no cmdlet 'Set-SPOTenent'; did you mean Set-SPOTenant",
    ],
    [
      "a reference to nothing",
      '- { as: alice, do: share-file, with: { file: "{{ lnk.id }}" } }',
      "12:44 agenda.0.steps.0.with: No earlier step saves 'lnk'.",
    ],
    [
      "a value of a result that nobody saved",
      `- { as: alice, do: open-file, with: { file: x }, save: opened, expect: { value: { of: "$opend.id", is: x } } }`,
      "12:93 agenda.0.steps.0.expect.value.of: line 1, character 1 of the script: No earlier step saves or sets '$opend'. Did you mean $opened?",
    ],
    [
      "a value by reference to nothing",
      '- expect: { value: { of: "{{ lnk.id }}", is: x } }',
      "12:26 agenda.0.steps.0.expect.value: No earlier step saves 'lnk'.",
    ],
    [
      "an expectation that cannot fail",
      "- expect: { decision: {} }",
      "12:29 agenda.0.steps.0.expect.decision: This cannot fail",
    ],
    [
      "an expectation of two kinds",
      "- expect: { mail: { to: a }, error: { id: b } }",
      "12:17 agenda.0.steps.0.expect: Expected exactly one of decision",
    ],
    [
      "a step that is not there",
      "- expect: { decision: { of: gone, outcome: deny } }",
      "12:35 agenda.0.steps.0.expect.decision.of: No earlier step has the id 'gone'",
    ],
    [
      "a claim that nobody knows",
      `- expect: { mail: { to: a }, claims: [${unknownClaim}] }`,
      `12:45 agenda.0.steps.0.expect.claims.0: The catalogue has no claim ${unknownClaim}`,
    ],
    [
      "a poll with one choice",
      "- poll: X\n  asks: { who: a, do: open, on: b }\n  choices: [{ text: a, when: { outcome: deny } }]",
      "14:18 agenda.0.steps.0.choices: ",
    ],
  ])("names %s at its place", (_, steps, expected) => {
    const [first = "no problem"] = ofSteps(steps)
    assert.isTrue(first.startsWith(expected), first)
  })

  it("names all problems of a file in the order of the file", () => {
    const found = ofSteps("- { wait: soon }\n- { fault: x, on: 1 }\n- { as: alice, do: nothing }")
    assert.deepStrictEqual(
      found.map((it) => it.split(":")[0]),
      ["12", "13"],
    )
  })

  it("names a missing head at the top", () => {
    const [first = ""] = problems(storyText("- { wait: 1 hour }").replace("title: A story\n", ""))
    assert.isTrue(first.startsWith("1:1 title: "), first)
  })

  it("refuses an id twice, and a story in which nothing happens", () => {
    const twice = ofSteps("- { id: a, wait: 1 hour }\n- { id: a, wait: 1 hour }")
    assert.deepStrictEqual(twice, ["13:15 agenda.0.steps.1.id: The id 'a' is taken"])
    const empty = problems(storyText("- { wait: 1 hour }").replace(/steps:\n.*\n/, "steps: []\n"))
    assert.deepStrictEqual(empty, ["9:3 agenda: Nothing happens: no section has a step"])
  })

  it.each(["[]", "42", "text", "- 1", "agenda: 3", "~"])(
    "survives the whole file being %s",
    (text) => {
      assert.isAbove(problems(text).length, 0)
    },
  )

  it("leaves out the judgement of what is only known when it is played", () => {
    assert.deepStrictEqual(
      ofSteps(`
- { as: alice, do: share-file, with: { file: a, to: [pat@mailbox.example] }, save: link }
- { as: pat, do: enter-code, with: { link: "{{ link.link }}", code: "{{ mail.pat.code }}" } }`),
      [],
    )
  })
})
