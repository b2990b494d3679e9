import { Schema } from "effect"

/** How one part of the service talks to another. */
export const Protocol = Schema.Literals(["RDP", "PowerShell", "WinRM", "SMB", "SMTP", "HTTPS"])
export type Protocol = typeof Protocol.Type

/**
 * An explicit allow between two segments; everything else is denied (DCO-087). A rule without an
 * approval counts for nothing and is drift (DCO-088).
 */
export const NetworkRule = Schema.Struct({
  id: Schema.NonEmptyString,
  source: Schema.NonEmptyString,
  target: Schema.NonEmptyString,
  protocol: Protocol,
  approvedBy: Schema.optionalKey(Schema.NonEmptyString),
})
export type NetworkRule = typeof NetworkRule.Type

/** Where operators connect from: secure workstations and the gateway. */
export const operatorSegment = "operator-access"
const corporateSegment = "corporate"
/** Everything that is neither: customers, and whoever else is out there. */
export const internetSegment = "internet"

const segmentsByPrefix: readonly (readonly [prefix: string, segment: string])[] = [
  ["198.51.100.", operatorSegment],
  ["192.0.2.", corporateSegment],
]

/** The segment that an address belongs to. */
export const segmentOf = (ipAddress: string): string =>
  segmentsByPrefix.find(([prefix]) => ipAddress.startsWith(prefix))?.[1] ?? internetSegment

/** Whether an approved rule opens the path. Within one segment the same default holds. */
export const isPathApproved = (
  rules: readonly NetworkRule[],
  path: Pick<NetworkRule, "source" | "target" | "protocol">,
): boolean =>
  rules.some(
    (rule) =>
      rule.source === path.source &&
      rule.target === path.target &&
      rule.protocol === path.protocol &&
      rule.approvedBy !== undefined,
  )

const partitions = [
  "exchange-nam-01",
  "exchange-eur-01",
  "exchange-gcc-01",
  "sharepoint-nam-01",
  "onedrive-nam-01",
  "teams-nam-01",
  "windows365-nam-01",
  "planner-nam-01",
] as const

const approvedBy = "network-review"

/** The rules that every world starts with: operators in, customers to the front door, mail across. */
export const networkRules: readonly NetworkRule[] = [
  ...partitions.flatMap((target): NetworkRule[] => [
    {
      id: `operators-rdp-${target}`,
      source: operatorSegment,
      target,
      protocol: "RDP",
      approvedBy,
    },
    {
      id: `operators-powershell-${target}`,
      source: operatorSegment,
      target,
      protocol: "PowerShell",
      approvedBy,
    },
    {
      id: `customers-${target}`,
      source: internetSegment,
      target,
      protocol: "HTTPS",
      approvedBy,
    },
  ]),
  {
    id: "mail-nam-eur",
    source: "exchange-nam-01",
    target: "exchange-eur-01",
    protocol: "SMTP",
    approvedBy,
  },
  {
    id: "mail-eur-nam",
    source: "exchange-eur-01",
    target: "exchange-nam-01",
    protocol: "SMTP",
    approvedBy,
  },
]
