import { deny, gate, pass } from "@twin/kernel"

interface PlaceFacets {
  readonly isPathFree: boolean
}

/** Nothing is overwritten by an upload or a copy. */
export const nameIsFree = gate<PlaceFacets>()({
  name: "name-free",
  facts: ["SPO-263"],
  reads: ["isPathFree"],
  check: ({ isPathFree }) =>
    isPathFree
      ? pass("No other item has this name in this place.")
      : deny(
          "Another item has this name in this place.",
          {},
          {
            code: "nameAlreadyExists",
            message: "An item with this name already exists in this location.",
          },
        ),
})
