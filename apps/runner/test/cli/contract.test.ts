import { spawn } from "node:child_process"
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { reportFormats } from "@twin/conformance"
import { Message } from "@twin/scenario"
import { Schema } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { fixture } from "../fixtures/scenario.ts"
import { hostileTexts } from "../hostile.ts"
import { bundle, checkout, controlSequence, type Run, twin } from "./run.ts"

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "twin "))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const written = (name: string, text: string | Uint8Array): string => {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}

const seat = fixture("seat")
const lines = (text: string) => text.trimEnd().split("\n")

/** Unusable input: exit code 2, nothing on standard output, two lines at most that name something. */
const complaintOf = ({ code, out, err }: Run): string => {
  assert.strictEqual(code, 2, err)
  assert.strictEqual(out, "")
  assert.isAtMost(lines(err).length, 2, err)
  assert.notMatch(err, controlSequence)
  assert.notMatch(err, /\n\s+at /)
  return err
}

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
    const run = twin(["play", written("bad.yaml", text)])
    assert.strictEqual(run.code, 2)
    assert.include(run.err, words)
    assert.strictEqual(run.out, "")
  })

  it("says so of a folder, and of a pattern that matches nothing", () => {
    assert.include(complaintOf(twin(["play", folder])), "not a file")
    assert.include(complaintOf(twin(["check", `${folder}/*.nothing`])), "no such file")
  })

  it("names every problem of a file with its place, and goes on with the next file", () => {
    const bad = written(
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
    const { code, err } = twin(["check", seat, written("copy.yaml", readFileSync(seat))])
    assert.strictEqual(code, 2)
    assert.include(err, "'runner-seat' is the id of")
  })
})

describe("play", () => {
  it("ends with 0 when everything held, and prints no control sequence", () => {
    const { code, out, err } = twin(["play", seat])
    assert.strictEqual(code, 0)
    assert.strictEqual(err, "")
    assert.notMatch(out, controlSequence)
    assert.include(out, "✓ Everything held: 1 held, 0 failed.")
  })

  it("ends with 1 when an expectation failed", () => {
    const { code, out } = twin(["play", "--plain", fixture("failing")])
    assert.strictEqual(code, 1)
    assert.include(out, "FAILS  Pat reads on")
  })

  it("says the same for the same seed, and something else for another", () => {
    const once = twin(["play", seat, "--plain"]).out
    assert.strictEqual(twin(["play", seat, "--plain"]).out, once)
    assert.notStrictEqual(twin(["play", seat, "--plain", "--seed", "2"]).out, once)
  })

  it("prints the message stream as JSON, one message a line, safe for a terminal", () => {
    const hostile = readFileSync(seat, "utf8").replace(
      "title: The seat of the recipient",
      `title: ${JSON.stringify(`x${hostileTexts.escapes}${hostileTexts.bidi}`)}`,
    )
    const { code, out } = twin(["play", written("hostile.yaml", hostile), "--json"])
    assert.strictEqual(code, 0)
    assert.notMatch(out, controlSequence)
    const decode = Schema.decodeUnknownSync(Message)
    const messages = lines(out).map((it) => decode(JSON.parse(it)))
    const [first] = messages
    assert.strictEqual(messages.at(-1)?._tag, "ScenarioFinished")
    assert.isTrue(first?._tag === "ScenarioStarted")
    if (first?._tag === "ScenarioStarted") assert.include(first.title, "\u001b[2J")
  })

  it("lets nothing through of a hostile scenario", () => {
    const quoted = JSON.stringify(`x ${Object.values(hostileTexts).join(" ")}`)
    const scenario = readFileSync(seat, "utf8")
      .replace("title: The seat of the recipient", `title: ${quoted}`)
      .replace("talk: Pat has a mailbox and no account.", `talk: ${quoted}`)
      .replace("title: Pat asks for a code", `title: ${quoted}`)
      .replace("that: Pat is shut out", `that: ${quoted}`)
    const run = twin(["play", written("all.yaml", scenario), "--details"])
    assert.strictEqual(run.code, 0, run.err)
    assert.notMatch(run.out, controlSequence)
  })

  it("writes the reports beside the play", () => {
    const out = path.join(folder, "reports")
    const { code } = twin(["play", seat, "--plain", "--report", out])
    assert.strictEqual(code, 0)
    const report = JSON.parse(readFileSync(path.join(out, "conformance.json"), "utf8"))
    assert.strictEqual(report.scenarios.length, 1)
  })

  it("shows everything behind each gate when asked", () => {
    const { out } = twin(["play", seat, "--details"])
    assert.notInclude(out, "gates passed")
    assert.include(out, "lockState: Unlock")
  })

  it("is no failure for a reader that has seen enough", async () => {
    const child = spawn(process.execPath, [bundle, "play", seat, "--json"], {
      stdio: ["ignore", "pipe", "pipe"],
    })
    let err = ""
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString()
    })
    child.stdout.once("data", () => child.stdout.destroy())
    const code = await new Promise((resolve) => child.once("close", resolve))
    assert.strictEqual(code, 0, err)
    assert.strictEqual(err, "")
  })
})

describe("twin alone, away from a terminal", () => {
  const flagship = "scenarios/external-collaboration/secure-external-collaboration.yaml"

  it("plays the first webinar as text and writes its report", () => {
    const home = path.join(folder, "home")
    mkdirSync(path.join(home, path.dirname(flagship)), { recursive: true })
    copyFileSync(bundle, path.join(home, "twin.js"))
    copyFileSync(path.join(checkout, flagship), path.join(home, flagship))
    const { code, out, err } = twin([], { cwd: folder, program: path.join(home, "twin.js") })
    assert.strictEqual(code, 0, err)
    assert.notMatch(out, controlSequence)
    assert.include(out, "Everything held")
    assert.match(out, /Reports:\n {2}.*home.reports.conformance\.json\n/)
    assert.isTrue(existsSync(path.join(home, "reports", "conformance.html")))
  })

  it("says so when there is no webinar", () => {
    const empty = path.join(folder, "empty")
    mkdirSync(path.join(empty, "scenarios"), { recursive: true })
    copyFileSync(bundle, path.join(empty, "twin.js"))
    const run = twin([], { cwd: empty, program: path.join(empty, "twin.js") })
    assert.include(complaintOf(run), "no such file")
  })
})

describe("list", () => {
  it("shows what there is, from every folder, and as JSON", () => {
    const { code, out } = twin(["list"])
    assert.strictEqual(code, 0)
    assert.include(out, "scenarios/external-collaboration/")
    assert.notMatch(out, controlSequence)
    assert.strictEqual(twin(["list"], { cwd: folder }).out, out)
    const listed = JSON.parse(twin(["list", "--json"]).out)
    assert.isAbove(listed.length, 0)
    const files = listed.map((it: { readonly file: string }) => it.file)
    assert.strictEqual(twin(["check", ...files], { cwd: folder }).code, 0)
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

describe("conform", () => {
  it("names in its help every format there is", () => {
    const { out } = twin(["conform", "--help"])
    for (const format of Object.keys(reportFormats)) assert.include(out, format)
  })

  it("reports the same however many are played at once, wherever the program was copied", () => {
    const elsewhere = path.join(folder, "else where")
    mkdirSync(path.join(elsewhere, "scenarios"), { recursive: true })
    copyFileSync(bundle, path.join(elsewhere, "twin.js"))
    for (const name of ["seat", "failing"]) {
      copyFileSync(fixture(name), path.join(elsewhere, "scenarios", `${name}.yaml`))
    }
    const reports = ["1", "2"].map((jobs) => {
      const { code, out, err } = twin(["conform", "--jobs", jobs, "--out", `reports-${jobs}`], {
        cwd: elsewhere,
        program: path.join(elsewhere, "twin.js"),
      })
      assert.strictEqual(code, 1, err)
      assert.include(err, "2/2 scenarios/seat.yaml")
      assert.notMatch(out, controlSequence)
      const file = path.join(elsewhere, `reports-${jobs}`, "conformance.json")
      return { ...JSON.parse(readFileSync(file, "utf8")), run: undefined }
    })
    assert.deepStrictEqual(reports[0], reports[1])
    assert.strictEqual(reports[0].scenarios.length, 2)
  })

  it("takes no less than one job", () => {
    assert.include(complaintOf(twin(["conform", "--jobs", "0"])), "--jobs")
  })

  it("names the formats there are", () => {
    assert.include(complaintOf(twin(["conform", "--format", "pdf"])), "choose among")
  })

  it("says so when the reports cannot be written", () => {
    const file = written("file", "")
    const run = twin(["conform", "--out", path.join(file, "below")])
    assert.strictEqual(run.code, 2)
    assert.include(run.err, "cannot be written")
  })
})

describe("shell from a pipe", () => {
  it("runs the lines, prints plainly and ends with 0, whatever was wrong with a line", () => {
    const input = [
      "whoami",
      "nonsense",
      "as nobody",
      "$x = @(1,",
      "2)",
      "$x",
      "wait 1 hour",
      "'open",
    ].join("\n")
    const { code, out, err } = twin(["shell"], { input })
    assert.strictEqual(code, 0)
    assert.strictEqual(err, "")
    assert.notMatch(out, controlSequence)
    assert.include(out, "ivan@contoso.com, member: Global Administrator")
    assert.include(out, "not recognized")
    assert.include(out, "\n1\n2\n")
    assert.include(out, "It is 2026-09-01 09:00:00 UTC.")
    assert.include(out, "The string is missing the terminator")
  })

  it("stops at exit", () => {
    assert.strictEqual(twin(["shell"], { input: "exit\nwhoami\n" }).out, "")
  })

  it("begins where a scenario ends", () => {
    const { out, err } = twin(["shell", "--scenario", seat], {
      input: "(Get-SPOTenant).SharingCapability\nwait 1 second\n",
    })
    assert.match(out, /^Disabled\nIt is 2021-06-15/)
    assert.include(err, "played to its end")
  })

  it("keeps the session in a journal, one file a session", () => {
    const file = path.join(folder, "session.sqlite")
    const input =
      "as alice\nshare-file -File 'Launch Plan.docx' -To nina@fabrikam.com -Scope users\n"
    assert.strictEqual(twin(["shell", "--journal", file], { input }).code, 0)
    const again = twin(["shell", "--journal", file], { input })
    assert.include(complaintOf(again), "records of another session")
    assert.include(
      complaintOf(twin(["shell", "--journal", written("no.sqlite", "text")])),
      "not-a-journal",
    )
    const played = path.join(folder, "played.sqlite")
    assert.strictEqual(
      twin(["shell", "--journal", played, "--scenario", seat], { input: "whoami" }).code,
      0,
    )
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
    assert.strictEqual(lines(err).length, 2)
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
