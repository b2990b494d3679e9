import { decideByGates, deny, gate, pass } from "@twin/kernel"
import { Schema } from "effect"
import type { ConnectorServer } from "../ServiceLedger.ts"
import { ledgerOf, rmsServiceOf } from "../State.ts"
import { aipCmdlet } from "./aipCmdlet.ts"

const accountWellFormed = gate<{ readonly account: string }>()({
  name: "server-account",
  facts: ["MIP-072", "MIP-266"],
  reads: ["account"],
  check: ({ account }) =>
    /^[^\s@]+(@[^\s@]+|\\[^\s\\]+)$/.test(account)
      ? pass("The account of the server can be named.", { account })
      : deny(
          "The account of the server has neither an address nor a domain.",
          { account },
          {
            message: "Specify the account as name@domain or DOMAIN\\name.",
          },
        ),
})

/**
 * What the tool of the connector does when a server is put on its list. Servers of Exchange have to
 * open every message: they become super users, and the feature goes on (MIP-072).
 */
export const authorizeConnectorServer = aipCmdlet({
  name: "authorize-connector-server",
  summary: "Lets a server on premises use the protection service through the connector.",
  params: Schema.Struct({
    account: Schema.NonEmptyString.annotate({ description: "Account or group of the server" }),
    role: Schema.Literals(["Exchange", "SharePoint", "FCI"]).annotate({
      description: "What the server is",
    }),
  }),
  facts: ["MIP-072", "MIP-010"],
  isConnectorTask: true,
  decide: ({ world, now }, params) => {
    const server: ConnectorServer = { ...params, account: params.account.trim().toLowerCase() }
    const { superUsers } = rmsServiceOf(world)
    return {
      decision: decideByGates([accountWellFormed], { account: server.account }),
      changes:
        server.role === "Exchange"
          ? {
              superUserFeature: "Enabled",
              superUsers: [...new Set([...superUsers, server.account])],
            }
          : {},
      events: [{ _tag: "ConnectorServerAuthorized", server, at: now }],
      logged: {
        command: "AddConnectorAuthorization",
        parameters: `-account ${server.account} -role ${server.role}`,
      },
      output: [{ account: server.account, role: server.role }],
    }
  },
})

export const listConnectorServers = aipCmdlet({
  name: "list-connector-servers",
  summary: "Shows the servers that the connector lets in.",
  params: Schema.Struct({}),
  facts: ["MIP-072"],
  isConnectorTask: true,
  isReadOnly: true,
  decide: ({ world }) => ({
    output: ledgerOf(world).connectorServers.map(({ account, role }) => ({ account, role })),
  }),
})
