import type { MipEvent } from "../MipEvent.ts"
import type { MipState } from "../State.ts"
import type { connectorEvents, RmsConnector } from "./RmsConnector.ts"

type Tag = keyof typeof connectorEvents
type Handlers = {
  readonly [T in Tag]: (event: Extract<MipEvent, { readonly _tag: T }>) => MipState
}

/** How the connector changes the slice: part of `evolve`. */
export const evolveConnector = (state: MipState): Handlers => {
  const { connector } = state
  const put = (changes: Partial<RmsConnector>): MipState => ({
    ...state,
    connector: { ...connector, ...changes },
  })
  return {
    ConnectorInstalled: ({ host }) =>
      put({ hosts: [...connector.hosts.filter(({ name }) => name !== host.name), host] }),
    ConnectorAccountSet: ({ account }) => put({ account }),
    ConnectorEndpointSet: ({ address, isHttps }) => put({ endpoint: { address, isHttps } }),
    ConnectorServerConfigured: ({ server }) =>
      put({
        servers: [...connector.servers.filter(({ account }) => account !== server.account), server],
      }),
  }
}
