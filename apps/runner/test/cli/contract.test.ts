import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { fixture } from "../fixtures/scenario.ts"
import { hostileTexts } from "../hostile.ts"
import { complaintOf, controlSequence, linesOf, twin } from "./run.ts"
import { scratchFolder } from "./scratch.ts"

const scratch = scratchFolder()
const seat = fixture("seat")

describe("help", () => {
  it.each([[], ["list"], ["check"], ["play"], ["conform"], ["explain"], ["shell"]])(
    "of twin %s has a description and examples",
    (...command: string[]) => {
      const { code, out, err } = twin([...command, "--help"])
      assert.strictEqual(code, 0)
      assert.strictEqual(err, "")
      for (const words of ["DESCRIPTION", "USAGE", "EXAMPLES", "--debug"])
        assert.include(out, words)
      assert.notMatch(out, controlSequence)
    },
  )

  it("tells the version", () => {
    const { code, out } = twin(["--version"])
    assert.strictEqual(code, 0)
    assert.match(out, /^twin \d+\.\d+\.\d+\n$/)
  })
})

describe("a command line that is wrong", () => {
  it.each([
    [["play", "--nonsense", "x.yaml"], "--nonsense"],
    [["playy"], "playy"],
    [["play"], "file"],
    [["explain", "--scenario", "x"], "--as"],
    [["explain", "--scenario", "x", "--as", "a", "--can", "b", "--on", "c", "--app", "z"], "app"],
    [["list", "extra"], "extra"],
    [["--nonsense"], "--nonsense"],
  ])("%j ends with 2 and a hint", (args, words) => {
    const run = twin(args)
    assert.include(complaintOf(run), words)
    assert.include(run.err, "--help")
  })
})

describe("files that cannot be used", () => {
  it.each([["play"], ["check"]])("%s names a file that does not exist", (command) => {
    assert.include(
      complaintOf(twin([command, "no-such.yaml"])),
      "no-such.yaml: there is no such file",
    )
  })

  it("names what was given to explain and shell, too", () => {
    const question = ["--as", "a", "--can", "open", "--on", "b"]
    assert.include(complaintOf(twin(["explain", "--scenario", "no.yaml", ...question])), "no.yaml")
    assert.include(complaintOf(twin(["shell", "--scenario", "no.yaml"])), "no.yaml")
  })

  it.each([
    ["empty", "", "the file is empty"],
    ["binary", "a\u0000b", "binary"],
    ["not UTF-8", new Uint8Array([0xff, 0xfe, 0x41]), "not UTF-8"],
    ["too large", "x".repeat(1_100_000), "1 MiB"],
    ["not YAML", "a: [", "bad.yaml:1:"],
  ])("says so of one that is %s", (_, text, words) => {
    const run = twin(["play", scratch.written("bad.yaml", text)])
    assert.strictEqual(run.code, 2)
    assert.include(run.err, words)
    assert.strictEqual(run.out, "")
  })

  it("says so of a folder, and of a pattern that matches nothing", () => {
    assert.include(complaintOf(twin(["play", scratch.at()])), "not a file")
    assert.include(complaintOf(twin(["check", `${scratch.at()}/*.nothing`])), "no such file")
  })

  it("names every problem of a file with its place, and goes on with the next file", () => {
    const bad = scratch.written(
      "two.yaml",
      readFileSync(seat, "utf8")
        .replace("share-file", "shre-file")
        .replace("SPO-003", ["SPO", 999].join("-")),
    )
    const { code, out, err } = twin(["check", bad, seat])
    assert.strictEqual(code, 2)
    assert.match(err, /two\.yaml:\d+:\d+: .*shre-file.*did you mean share-file/)
    assert.match(err, new RegExp(String.raw`two\.yaml:\d+:\d+: .*no claim SPO-${999}`))
    assert.strictEqual(out, `${seat}: ok\n`)
  })

  it("names a file whose name is hostile without harm", () => {
    const run = twin(["play", `no${hostileTexts.escapes.replaceAll("\u0000", "")}.yaml`])
    assert.strictEqual(run.code, 2)
    assert.notMatch(run.err, controlSequence)
  })

  it("says so of a scenario id that two files have", () => {
    const { code, err } = twin(["check", seat, scratch.written("copy.yaml", readFileSync(seat))])
    assert.strictEqual(code, 2)
    assert.include(err, "'runner-seat' is the id of")
  })
})

describe("list", () => {
  it("shows what there is, from every folder, and as JSON", () => {
    const { code, out } = twin(["list"])
    assert.strictEqual(code, 0)
    assert.include(out, "scenarios/external-collaboration/")
    assert.notMatch(out, controlSequence)
    assert.strictEqual(twin(["list"], { cwd: scratch.at() }).out, out)
    const listed = JSON.parse(twin(["list", "--json"]).out)
    assert.isAbove(listed.length, 0)
    const files = listed.map((it: { readonly file: string }) => it.file)
    assert.strictEqual(twin(["check", ...files], { cwd: scratch.at() }).code, 0)
  })
})

const asking = (who: string, ...more: readonly string[]) =>
  twin([
    "explain",
    "--scenario",
    seat,
    "--as",
    who,
    "--can",
    "open",
    "--on",
    "Press Kit.docx",
    ...more,
  ])

describe("explain", () => {
  it("ends with 0 where it is allowed, with 3 where it is not", () => {
    const allowed = asking("alice")
    assert.strictEqual(allowed.code, 0, allowed.err)
    assert.match(allowed.out, /^alice, open, Press Kit\.docx: ALLOWED\n/)
    const refused = asking("pat")
    assert.strictEqual(refused.code, 3)
    assert.include(refused.out, "REFUSED")
    assert.include(refused.out, "✗ external-sharing-level")
    assert.notMatch(refused.out, controlSequence)
  })

  it("gives the decision as JSON, for the client that is named", () => {
    const { code, out } = asking("alice", "--json", "--app", "office-web", "--device", "unmanaged")
    const decision = JSON.parse(out)
    assert.strictEqual(decision.outcome === "allow" ? 0 : 3, code)
    assert.isAbove(decision.gates.length, 0)
  })

  it("says who and what there is when it does not know", () => {
    assert.include(complaintOf(asking("nobody")), "nobody called 'nobody'")
    const what = ["--as", "alice", "--can", "open", "--on", "Nothing.docx"]
    assert.include(
      complaintOf(twin(["explain", "--scenario", seat, ...what])),
      "There is no 'Nothing.docx'",
    )
    const action = ["--as", "alice", "--can", "dance", "--on", "Press Kit.docx"]
    assert.include(complaintOf(twin(["explain", "--scenario", seat, ...action])), "It knows: ")
  })
})

describe("what should not happen", () => {
  const broken = [
    "--import",
    "data:text/javascript,Array.prototype.toSorted=()=>{throw new Error('out of order')}",
  ]

  it("is told in two lines that say what to do", () => {
    const { code, out, err } = twin(["list"], { node: broken })
    assert.strictEqual(code, 2)
    assert.strictEqual(out, "")
    assert.strictEqual(linesOf(err).length, 2)
    assert.match(err, /^This should not have happened: out of order\n.*--debug/)
  })

  it("shows where it happened with --debug, wherever that stands", () => {
    for (const args of [
      ["--debug", "list"],
      ["list", "--debug"],
    ]) {
      const { code, err } = twin(args, { node: broken })
      assert.strictEqual(code, 2)
      assert.match(err, /out of order[\s\S]*\n +at /)
    }
  })
})
