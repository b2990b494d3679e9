import { assert, describe, it } from "vitest"
import { pollOnStage } from "../examples/drawPlayer.ts"
import { svgOf } from "../examples/svgOf.ts"
import { Grid } from "./terminal/Grid.ts"

const gridOf = (data: string, columns = 20): Grid => {
  const grid = new Grid(columns, 3)
  grid.write(data)
  return grid
}

describe("the picture of a screen", () => {
  it("puts every piece of text at its column, in its colour", () => {
    const svg = svgOf(gridOf("\u001b[31mNO\u001b[39m   \u001b[1myes it is\u001b[22m"), "t")
    assert.include(svg, '<text x="16" y="30" textLength="16.8"')
    assert.include(svg, 'fill="#ff7b72">NO</text>')
    assert.include(svg, '<text x="58" y="30" textLength="75.6"')
    assert.include(svg, 'font-weight="bold">yes it is</text>')
  })

  it("counts wide characters twice and shows what is inverse", () => {
    const svg = svgOf(gridOf("\u001b[7m機密\u001b[27m  end"), "t")
    assert.include(svg, '<rect x="16" y="16" width="33.6" height="19"')
    assert.include(svg, '<text x="66.4" y="30"')
  })

  it("escapes what is markup to a browser", () => {
    const svg = svgOf(gridOf("<b>&"), "a < b")
    assert.include(svg, "&lt;b&gt;&amp;")
    assert.include(svg, "<title>a &lt; b</title>")
  })

  it.skipIf(process.platform === "win32")("is drawn from a real run", async () => {
    const svg = svgOf(await pollOnStage(), "stage")
    assert.include(svg, "The twin says otherwise.")
    assert.notInclude(svg, "\u001b")
  })
})
