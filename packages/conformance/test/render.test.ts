import { assert, describe, expect, it } from "@effect/vitest"
import { canonicalJsonPretty } from "@twin/kernel"
import { renderHtml } from "../src/render/renderHtml.ts"
import { renderJunit } from "../src/render/renderJunit.ts"
import { renderMarkdown } from "../src/render/renderMarkdown.ts"
import { markupProblems } from "./markupProblems.ts"
import { report } from "./sampleReport.ts"

const html = renderHtml(report)
const junit = renderJunit(report)
const markdown = renderMarkdown(report)

describe("renderings", () => {
  it("agree on the counts of claims", () => {
    const { proven, refuted, unproven } = report.summary.claims
    assert.include(markdown, `| All | ${proven} | ${refuted} | ${unproven} |`)
    assert.include(html, `<b class="good">${proven}</b>claims proven`)
    assert.include(html, `<b class="bad">${refuted}</b>claims refuted`)
    const suites = [
      ...junit.matchAll(
        /<testsuite name="claims\.[^"]*" tests="(\d+)" failures="(\d+)" errors="0" skipped="(\d+)"/g,
      ),
    ]
    const sum = (at: number) => suites.reduce((total, suite) => total + Number(suite[at]), 0)
    assert.deepStrictEqual(
      [sum(1), sum(2), sum(3)],
      [proven + refuted + unproven, refuted, unproven],
    )
  })

  it("have every claim with its state in HTML and JUnit", () => {
    for (const { id, state } of report.claims) {
      assert.match(html, new RegExp(`id="${id}"><span class="tag \\w+">${state}<`))
      assert.include(junit, `name="${id} `)
    }
  })

  it("let no text from outside become markup or move a cursor", () => {
    for (const text of [html, junit, markdown]) {
      assert.notInclude(text, "\u001b")
      assert.notInclude(text, "\u202e")
    }
    assert.notInclude(html, "<script")
    assert.notInclude(junit, "<script")
    assert.notInclude(markdown, "<script")
    assert.include(markdown, "&lt;script&gt;")
  })

  it("HTML loads nothing, runs nothing and is well formed", () => {
    assert.notMatch(html, /\b(?:src|href)="(?!#)/)
    assert.include(html, "default-src 'none'")
    assert.deepStrictEqual(markupProblems(html), [])
  })

  it("JUnit is well formed", () => {
    assert.deepStrictEqual(markupProblems(junit), [])
  })

  it("JSON has its top level as promised", () => {
    const json = JSON.parse(canonicalJsonPretty(report)) as object
    assert.deepStrictEqual(Object.keys(json), ["claims", "run", "scenarios", "seed", "summary"])
  })

  it("Markdown reads as it should", async () => {
    await expect(markdown).toMatchFileSnapshot("golden/report.md")
  })
})
