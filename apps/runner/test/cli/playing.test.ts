import { spawn } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { reportFormats } from "@twin/conformance"
import { Message } from "@twin/scenario"
import { Schema } from "effect"
import { assert, describe, it } from "vitest"
import { fixture } from "../fixtures/scenario.ts"
import { hostileTexts } from "../hostile.ts"
import { bundle, checkout, complaintOf, controlSequence, linesOf, twin } from "./run.ts"
import { scratchFolder } from "./scratch.ts"

const scratch = scratchFolder()
const seat = fixture("seat")

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
    const { code, out } = twin(["play", scratch.written("hostile.yaml", hostile), "--json"])
    assert.strictEqual(code, 0)
    assert.notMatch(out, controlSequence)
    const decode = Schema.decodeUnknownSync(Message)
    const messages = linesOf(out).map((it) => decode(JSON.parse(it)))
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
    const run = twin(["play", scratch.written("all.yaml", scenario), "--details"])
    assert.strictEqual(run.code, 0, run.err)
    assert.notMatch(run.out, controlSequence)
  })

  it("writes the reports beside the play", () => {
    const out = scratch.at("reports")
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
    const home = scratch.at("home")
    mkdirSync(path.join(home, path.dirname(flagship)), { recursive: true })
    copyFileSync(bundle, path.join(home, "twin.js"))
    copyFileSync(path.join(checkout, flagship), path.join(home, flagship))
    const { code, out, err } = twin([], { cwd: scratch.at(), program: path.join(home, "twin.js") })
    assert.strictEqual(code, 0, err)
    assert.notMatch(out, controlSequence)
    assert.include(out, "Everything held")
    assert.match(out, /Reports:\n {2}.*home.reports.conformance\.json\n/)
    assert.isTrue(existsSync(path.join(home, "reports", "conformance.html")))
  })

  it("says so when there is no webinar", () => {
    const empty = scratch.at("empty")
    mkdirSync(path.join(empty, "scenarios"), { recursive: true })
    copyFileSync(bundle, path.join(empty, "twin.js"))
    const run = twin([], { cwd: empty, program: path.join(empty, "twin.js") })
    assert.include(complaintOf(run), "no such file")
  })
})

describe("conform", () => {
  it("names in its help every format there is", () => {
    const { out } = twin(["conform", "--help"])
    for (const format of Object.keys(reportFormats)) assert.include(out, format)
  })

  it("reports the same however many are played at once, wherever the program was copied", () => {
    const elsewhere = scratch.at("else where")
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
    const file = scratch.written("file", "")
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
    const file = scratch.at("session.sqlite")
    const input =
      "as alice\nshare-file -File 'Launch Plan.docx' -To nina@fabrikam.com -Scope users\n"
    assert.strictEqual(twin(["shell", "--journal", file], { input }).code, 0)
    const again = twin(["shell", "--journal", file], { input })
    assert.include(complaintOf(again), "records of another session")
    assert.include(
      complaintOf(twin(["shell", "--journal", scratch.written("no.sqlite", "text")])),
      "not-a-journal",
    )
    const played = scratch.at("played.sqlite")
    assert.strictEqual(
      twin(["shell", "--journal", played, "--scenario", seat], { input: "whoami" }).code,
      0,
    )
  })
})
