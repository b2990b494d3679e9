import { type Decision, decideByGates, deny, gate } from "@twin/kernel"

interface NothingFacets {
  readonly what: "item" | "site" | "link"
}

const refusals = {
  item: { code: "itemNotFound", message: "The item could not be found." },
  site: { code: "FileNotFound", message: "Cannot get site. The site does not exist." },
  link: {
    code: "linkRemoved",
    message: "This link has been removed. Ask the person who shared it for access.",
  },
} as const

const present = gate<NothingFacets>()({
  name: "present",
  facts: ["SPO-300", "SPO-301"],
  reads: ["what"],
  check: ({ what }) => deny("There is nothing of this name.", { what }, refusals[what]),
})

/** What is not there allows nothing. */
export const missing = (what: NothingFacets["what"]): Decision => decideByGates([present], { what })
