import { type Decision, decideByGates, gate, pass } from "@twin/kernel"

/** Who may change mail flow and encryption (EXO-006 ff. name the roles of the articles). */
export const adminRoles: readonly string[] = [
  "Exchange Administrator",
  "Compliance Administrator",
  "Global Administrator",
]

/** Who may look at it. */
export const readerRoles: readonly string[] = [...adminRoles, "Global Reader"]

/** Who may change connectors and settings of transport and S/MIME (CRY-185, CRY-201, CRY-206). */
export const transportAdminRoles: readonly string[] = [
  "Exchange Administrator",
  "Global Administrator",
]

/** Who may look at them. */
export const transportReaderRoles: readonly string[] = [
  ...transportAdminRoles,
  "Compliance Administrator",
  "Security Administrator",
  "Global Reader",
]

/**
 * Cmdlets that ask before they act: the twin has nobody to answer, says so and goes on, as if the
 * admin had pressed Y (EXO-016, EXO-161).
 */
export const confirmation = (
  params: { readonly Confirm?: boolean; readonly Force?: boolean },
  asksByDefault: boolean,
): readonly string[] =>
  (params.Confirm ?? (asksByDefault && params.Force !== true))
    ? ["The cmdlet asks for confirmation; the twin answers Yes. Use -Confirm:$false to skip it."]
    : []

const reads = gate<{ readonly object: string }>()({
  name: "object-readable",
  facts: ["EXO-013"],
  reads: ["object"],
  check: ({ object }) => pass("The account may read this configuration.", { object }),
})

/** The decision of a cmdlet that only reads. */
export const readable = (object: string): Decision => decideByGates([reads], { object })
